"""One person's course so far: the stage among the four, and diagnosis and treatments in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import CancerStage, PatientProfile, Treatment
from portal.presenters.dates import partial_words
from portal.presenters.findings import STATUSES
from portal.presenters.marks import Badge, ProofLink, check_badge, proof_links

_STAGES: tuple[tuple[str, Any], ...] = (
    ("I", gettext_lazy("Only where it began.")),
    ("II", gettext_lazy("Bigger, or in a few nodes nearby.")),
    ("III", gettext_lazy("In large blood vessels or more nodes.")),
    ("IV", gettext_lazy("Spread to other parts of the body.")),
)


@dataclass(frozen=True, slots=True)
class StageStep:
    name: str
    meaning: Any
    mine: str


def stage_strip(profile: PatientProfile) -> tuple[StageStep, ...]:
    """The four stages with the person's own marked; empty where no I to IV stage is known."""
    stage = profile.stage
    group = stage.group if stage else None
    if not stage or not group or stage.other_system or not group.startswith("I"):
        return ()
    number = "IV" if group.startswith("IV") else group.rstrip("ABC123")
    said = _("The records say: stage %(group)s") % {"group": group}
    said = f"{said} ({stage.as_written})" if stage.as_written else said
    if stage.stated_or_derived == "derived":
        said = _("We worked this out from %(tnm)s: stage %(group)s. It is not checked yet.") % {"tnm": _tnm(stage), "group": group}
    for written, made, because in stage.letters:
        letter = _("%(written)s as written; %(because)s makes it %(made)s.") % {"written": written, "because": because, "made": made}
        said = f"{said.rstrip('.')}. {letter}"
    return tuple(StageStep(_("Stage %(n)s") % {"n": name}, meaning, said if name == number else "") for name, meaning in _STAGES)


def _tnm(stage: CancerStage) -> str:
    return " ".join(one for one in (stage.t, stage.n, stage.m) if one)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the course so far. when "": no date is known."""

    when: str
    what: str
    more: str
    proofs: tuple[ProofLink, ...]
    badge: Badge | None


def timeline(profile: PatientProfile) -> tuple[Event, ...]:
    """Diagnosis and treatments, oldest first; those without a date last."""
    events: list[tuple[dt.date, Event]] = []
    cancer = profile.primary_cancer
    if cancer and cancer.proof.date:
        proofs, badge = proof_links(cancer.proof.evidence), check_badge(cancer.proof.check)
        named = _("A report names the cancer: %(name)s.") % {"name": cancer.name}
        events.append((cancer.proof.date.earliest(), Event(partial_words(cancer.proof.date), named, "", proofs, badge)))
    events += [(_starts(one), _treatment(one)) for one in profile.treatments if not one.is_for_other_disease]
    return tuple(event for _when, event in sorted(events, key=lambda pair: pair[0]))


def _starts(treatment: Treatment) -> dt.date:
    known = treatment.start or treatment.stop or treatment.proof.date
    return known.earliest() if known else dt.date.max


def _treatment(one: Treatment) -> Event:
    more = [str(STATUSES[part]) for part in (one.response, one.stop_reason) if part in STATUSES]
    if one.status in ("planned", "declined"):
        more.insert(0, str(STATUSES[one.status]))
    if one.line:
        more.insert(0, _("treatment number %(n)s") % {"n": one.line})
    said = ", ".join(part for part in more if part)
    return Event(_span(one), one.name, said[:1].upper() + said[1:], proof_links(one.proof.evidence), check_badge(one.proof.check))


def _span(one: Treatment) -> str:
    start, stop = partial_words(one.start), partial_words(one.stop)
    if start and stop and start != stop:
        return _("%(start)s to %(stop)s") % {"start": start, "stop": stop}
    if start and one.status == "ongoing":
        return _("%(start)s to now") % {"start": start}
    return start or (_("until %(stop)s") % {"stop": stop} if stop else "") or partial_words(one.proof.date) or _("No date given")
