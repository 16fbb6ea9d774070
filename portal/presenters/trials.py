"""Trials as cards and as rules: met, not met, not known, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from personalize.trials import Fit, Place, RuleOutcome, TrialMatch, Verdict
from portal.language import named
from portal.presenters.dates import partial_words
from portal.presenters.marks import Badge, ProofLink, proof_links
from portal.presenters.phrasing import in_words
from portal.trials.nearby import KM_IN_A_MILE

_VERDICTS: dict[Verdict, Badge] = {
    Verdict.FITS: Badge(gettext_lazy("May fit"), "ok", "check"),
    Verdict.POSSIBLE: Badge(gettext_lazy("We do not know yet"), "warn", "question"),
    Verdict.RULED_OUT: Badge(gettext_lazy("May not fit"), "quiet", "cross"),
}
_NOT_CHECKED = Badge(gettext_lazy("Possible: not checked by our team"), "warn", "question")
_NOT_NOW = Badge(gettext_lazy("May not fit now"), "quiet", "clock")
_STATUSES: dict[str, Any] = {
    "NOT_YET_RECRUITING": gettext_lazy("Not open yet"),
    "RECRUITING": gettext_lazy("Open to new people"),
    "ENROLLING_BY_INVITATION": gettext_lazy("By invitation only"),
    "ACTIVE_NOT_RECRUITING": gettext_lazy("Takes no new people"),
    "SUSPENDED": gettext_lazy("On hold"),
    "TERMINATED": gettext_lazy("Stopped early"),
    "COMPLETED": gettext_lazy("Finished"),
    "WITHDRAWN": gettext_lazy("Withdrawn"),
}
_FITS: dict[Fit, tuple[Any, Any, str, str]] = {
    Fit.MET: (gettext_lazy("Why it may fit"), gettext_lazy("Met"), "check", "ok"),
    Fit.NOT_MET: (gettext_lazy("Why it may not fit"), gettext_lazy("Not met"), "cross", "bad"),
    Fit.UNKNOWN: (gettext_lazy("What we do not know yet"), gettext_lazy("Not known"), "question", "warn"),
}
FIT_BADGES = {fit: Badge(word, tone, icon) for fit, (_title, word, icon, tone) in _FITS.items()}
ON_A_CARD = 3
MOST_COUNTRIES = 6
MOST_QUESTIONS = 6
_FOR_EVERYBODY = (
    gettext_lazy("Is there a free place for me now?"),
    gettext_lazy("Which tests do I need first, and who pays for them?"),
    gettext_lazy("How often would I have to come, and for how long?"),
    gettext_lazy("What happens if the cancer grows, or if I want to stop?"),
)


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule of a trial for one person. fit: met, not_met, unknown, from the person's side. sentence: the registry's own words."""

    fit: str
    badge: Badge
    kind: Any
    sentence: str
    reason: str
    question: str
    recoverable: str
    proofs: tuple[ProofLink, ...]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules with the same outcome; more: how many are not on the card."""

    title: Any
    rules: tuple[ShownRule, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ShownTrial:
    nct: str
    title: str
    what: str
    facts: tuple[str, ...]
    status: str
    url: str
    verdict: Badge
    is_hidden: bool
    rules: tuple[ShownRule, ...]
    groups: tuple[RuleGroup, ...]
    places: tuple[str, ...]
    is_checked: bool = True

    @property
    def questions(self) -> tuple[str, ...]:
        """For the trial team: what is open for this person first, then what everybody may ask."""
        still_open = dict.fromkeys(one.sentence for one in self.rules if one.fit == Fit.UNKNOWN.value)
        return (
            *(_("Does this rule let me in? “%(rule)s”") % {"rule": one} for one in list(still_open)[:MOST_QUESTIONS]),
            *map(str, _FOR_EVERYBODY),
        )

    @property
    def by_fit(self) -> tuple[RuleGroup, ...]:
        """All rules, in groups."""
        return tuple(_group(fit, self.rules, is_whole=True) for fit in Fit if any(one.fit == fit.value for one in self.rules))


@dataclass(frozen=True, slots=True)
class TrialLists:
    """open: of our list, within reach or nobody knows; not_now: likewise, with something against them that can change; registry: likewise of the
    public register, which nobody of our team has checked; farther: of all three, farther than the person said or in other countries only.
    registry_more: how many more may be worth a look."""

    open: tuple[ShownTrial, ...] = ()
    not_now: tuple[ShownTrial, ...] = ()
    registry: tuple[ShownTrial, ...] = ()
    farther: tuple[ShownTrial, ...] = ()
    registry_more: int = 0


@dataclass(frozen=True, slots=True)
class TrialList:
    """open: to show, best first. hidden: ruled out by a hard fact; counted, and shown when opened. known_on: of the oldest status."""

    open: tuple[ShownTrial, ...]
    hidden: tuple[ShownTrial, ...]
    known_on: str


def trial_list(matches: Iterable[TrialMatch]) -> TrialList:
    found = list(matches)
    shown = [shown_trial(one) for one in found]
    oldest = min((one.trial.updated_on for one in found if one.trial.updated_on), default=None)
    is_hidden = [one for one in shown if one.is_hidden]
    return TrialList(tuple(one for one in shown if not one.is_hidden), tuple(is_hidden), partial_words(oldest))


def shown_lists(
    matches: Iterable[TrialMatch], registry: Sequence[TrialMatch], left: int, is_within_reach: Callable[[TrialMatch], bool]
) -> TrialLists:
    """matches: of our list, hidden ones left out here. left: how many of the register may be worth a look, those of `registry` included."""
    ours = [one for one in matches if not one.is_hidden]
    return TrialLists(
        open=tuple(shown_trial(one) for one in ours if is_within_reach(one) and not one.is_not_now),
        not_now=tuple(shown_trial(one) for one in ours if is_within_reach(one) and one.is_not_now),
        registry=tuple(shown_trial(one, is_checked=False) for one in registry if is_within_reach(one)),
        farther=tuple(
            shown_trial(one, is_checked=is_checked)
            for found, is_checked in ((ours, True), (registry, False))
            for one in found
            if not is_within_reach(one)
        ),
        registry_more=max(0, left - len(registry)),
    )


def countries_of(matches: Iterable[TrialMatch]) -> tuple[str, ...]:
    return tuple(sorted({place.country for one in matches for place in one.trial.places if place.country}))


def shown_trial(match: TrialMatch, *, is_checked: bool = True) -> ShownTrial:
    """is_checked: its rules are in our own words; else they are the register's, read by a program, and nothing is said to fit."""
    trial = match.trial
    rules = tuple(shown_rule(one) for one in match.outcomes)
    countries = tuple(sorted({one.country for one in trial.places if one.country}))
    return ShownTrial(
        nct=trial.nct,
        title=trial.title,
        what=trial.summary,
        facts=tuple(
            filter(None, (phase_words(trial.phase or ""), distance_words(match.distance_km, match.nearest), country_words(countries)))
        ),
        status=status_words(trial.status, trial.updated_on),
        url=f"https://clinicaltrials.gov/study/{trial.nct}",
        verdict=(_NOT_NOW if match.is_not_now else _VERDICTS[match.verdict]) if is_checked else _NOT_CHECKED,
        is_hidden=match.is_hidden,
        rules=rules,
        groups=tuple(_group(fit, rules) for fit in Fit if any(one.fit == fit.value for one in rules)),
        places=tuple(dict.fromkeys(place_words(one) for one in trial.places)),
        is_checked=is_checked,
    )


def _group(fit: Fit, rules: Sequence[ShownRule], *, is_whole: bool = False) -> RuleGroup:
    """What was read in the records comes before what could not be read in the rules. A card holds a few, and says the same thing once."""
    mine = sorted((one for one in rules if one.fit == fit.value), key=lambda one: (not one.proofs, not one.question))
    firsts: dict[tuple[str, str], ShownRule] = {}
    for one in mine:
        firsts.setdefault((one.reason, one.question), one)
    shown = mine if is_whole else list(firsts.values())[:ON_A_CARD]
    return RuleGroup(_FITS[fit][0], tuple(shown), len(mine) - len(shown))


def shown_rule(judged: RuleOutcome) -> ShownRule:
    outcome, criterion = judged.outcome, judged.criterion
    may_change = bool(criterion.recoverable or (outcome and outcome.recoverable)) and judged.fit is not Fit.MET
    question = criterion.question or (outcome.question if outcome else "") or ""
    return ShownRule(
        fit=judged.fit.value,
        badge=FIT_BADGES[judged.fit],
        kind=_("Must not be so") if criterion.kind == "exclusion" else _("Must be so"),
        sentence=criterion.sentence,
        reason=in_words(outcome.reason) if outcome else _("We could not read this rule. The trial team can tell you."),
        question=in_words(question) if judged.fit is Fit.UNKNOWN else "",
        recoverable=_("A new test or more time could change this.") if may_change else "",
        proofs=proof_links(outcome.evidence) if outcome else (),
    )


def phase_words(phase: str) -> str:
    """Phases in words: what they are for."""
    said = phase.upper().replace("PHASE", "").replace("_", "").replace(" ", "").replace(",", "/").replace("|", "/")
    words = {
        "EARLY1": _("Very early trial"),
        "1": _("Early trial (phase 1): is it safe?"),
        "1/2": _("Early trial (phase 1 and 2): is it safe, and does it do anything?"),
        "2": _("Phase 2: does it do anything?"),
        "2/3": _("Phase 2 and 3: is it better than usual care?"),
        "3": _("Phase 3: is it better than usual care?"),
    }
    return words.get(said, phase if said not in ("", "NA") else "")


def distance_words(km: float | None, town: str = "") -> str:
    """Rounded as one would say it: nobody lives in the middle of a ZIP code."""
    if km is None:
        return ""
    miles = max(1.0, km / KM_IN_A_MILE)
    step = next(step for above, step in ((400, 50), (20, 10), (5, 5), (0, 1)) if miles > above)
    said = number_format(round(miles / step) * step, 0, force_grouping=True)
    near = ngettext("About %(miles)s mile away", "About %(miles)s miles away", round(miles)) % {"miles": said}
    return f"{near}: {town}" if town else near


def country_words(countries: Sequence[str]) -> str:
    shown = ", ".join(map(named, countries[:MOST_COUNTRIES]))
    more = len(countries) - MOST_COUNTRIES
    return _("%(countries)s and %(n)s more") % {"countries": shown, "n": more} if more > 0 else shown


def status_words(status: str | None, on: Any) -> str:
    said, day = str(_STATUSES.get(status or "", _("Not known if open"))), partial_words(on)
    return _("%(status)s, as of %(day)s") % {"status": said, "day": day} if day else said


def place_words(place: Place) -> str:
    return ", ".join(part for part in (place.facility, place.city, place.country) if part)
