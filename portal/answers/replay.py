"""A past answer shown again exactly as it was: its values read back, on the content of that day; and what is new since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from personalize.codec import decode_profile
from personalize.content import Content
from personalize.content.plain import plain
from personalize.questions import Question
from personalize.tailor import TailoredAnswer
from personalize.trials import TrialMatch
from portal.answers.reading_back import read_back
from portal.answers.values import PersonalAnswer
from portal.models import PersonalizedAnswer
from portal.models.answer import ContentVersion
from records.models import Patient, Review
from records.scope import Scope

MOST_PAST = 60


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One line of the list. why: what changed against the one before it in the same language: "facts", "pages", "trials"."""

    id: str
    slug: str
    made_on: dt.date
    profile_number: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSince:
    """Against an earlier answer: sentences about the person that came and that went; are_facts_new, are_pages_new: what is behind it."""

    made_on: dt.date
    id: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]
    are_facts_new: bool
    are_pages_new: bool


def keep_content(content: Content) -> None:
    """Once for each version; the pages of a past answer are made of it."""
    if not ContentVersion.objects.filter(content_hash=content.content_hash).exists():
        row = ContentVersion(content_hash=content.content_hash, content=plain(content))
        ContentVersion.objects.bulk_create([row], ignore_conflicts=True)


def past_answers(scope: Scope, patient: Patient) -> list[PastAnswer]:
    """The newest first. Looking is audited by the scope."""
    scope.profile(patient)
    rows = list(_rows(patient)[:MOST_PAST])
    before = {}
    for language in {one.language for one in rows}:
        mine = [one for one in rows if one.language == language]
        before |= {newer.pk: older for older, newer in zip(mine[1:], mine, strict=False)}
    return [_past(one, before.get(one.pk)) for one in rows]


def _rows(patient: Patient) -> Any:
    return PersonalizedAnswer.objects.filter(patient=patient).select_related("profile").defer("rendered").order_by("-made_at", "-pk")


def _past(row: PersonalizedAnswer, before: PersonalizedAnswer | None) -> PastAnswer:
    pairs = (("facts", "profile_hash"), ("pages", "content_hash"), ("trials", "trials_hash"))
    why = tuple(name for name, key in pairs if before is not None and getattr(row, key) != getattr(before, key))
    return PastAnswer(str(row.pk), row.slug, row.made_on, row.profile.number, why)


def past_answer(scope: Scope, patient: Patient, made: str) -> tuple[PersonalAnswer, Content] | None:
    """An answer of this patient by its id, with the content it was made of; None where there is none."""
    scope.profile(patient)
    row = PersonalizedAnswer.objects.filter(patient=patient, pk=made).select_related("profile").first()
    content = content_at(row.content_hash) if row is not None else None
    return (replayed(row), content) if row is not None and content is not None else None


def replayed(row: PersonalizedAnswer) -> PersonalAnswer:
    kept = row.rendered
    return PersonalAnswer(
        tailored=read_back(TailoredAnswer, kept["tailored"]),
        matches=tuple(read_back(TrialMatch, one) for one in kept["matches"]),
        questions=tuple(read_back(Question, one) for one in kept["questions"]),
        profile=decode_profile(kept["profile"]),
        profile_number=row.profile.number,
        made_on=row.made_on,
    )


def content_at(content_hash: str) -> Content | None:
    """The content of that hash; None where no answer of it was kept."""
    try:
        return _content(content_hash)
    except ContentVersion.DoesNotExist:
        return None


@lru_cache(maxsize=2)
def _content(content_hash: str) -> Content:
    """Remembered by its hash: the same hash is the same content."""
    return read_back(Content, ContentVersion.objects.get(content_hash=content_hash).content)  # type: ignore[no-any-return]


def new_since(patient: Patient, made: PersonalAnswer, content_hash: str) -> NewSince | None:
    """Against the last answer of an earlier day for the same page and in the same language, or of today where only our pages changed
    meanwhile: what a person does to her own facts today is no news to her; what our team does to them is, the same hour. None where there
    is none, or where not one sentence about the person differs."""
    same = {"slug": made.tailored.slug, "language": made.tailored.language}
    rows = PersonalizedAnswer.objects.filter(patient=patient, **same).select_related("profile").order_by("-made_at", "-pk")
    facts = made.tailored.profile_hash
    by_team = Review.objects.filter(patient=patient, by_role="coordinator").order_by("-at").values_list("at", flat=True).first()

    def counts(row: PersonalizedAnswer) -> bool:
        is_older = row.made_on < made.made_on or (by_team is not None and row.profile_hash != facts and row.profile.built_at < by_team)
        return is_older or (row.profile_hash == facts and row.content_hash != content_hash)

    before = next((one for one in rows.defer("rendered")[:MOST_PAST] if counts(one)), None)
    if before is None or (before.profile_hash, before.content_hash) == (facts, content_hash):
        return None
    return _compared(str(before.pk), read_back(TailoredAnswer, rows.get(pk=before.pk).rendered["tailored"]), made.tailored)


def between(past_id: str, past: PersonalAnswer, now: PersonalAnswer) -> NewSince | None:
    """What the present answer says that this earlier one did not; None where it says the same."""
    return _compared(past_id, past.tailored, now.tailored)


def _compared(before_id: str, before: TailoredAnswer, after: TailoredAnswer) -> NewSince | None:
    old, new = _about(before), _about(after)
    comes, goes = tuple(one for one in new if one not in old), tuple(one for one in old if one not in new)
    if not comes and not goes:
        return None
    return NewSince(
        made_on=before.made_on,
        id=before_id,
        comes=comes,
        goes=goes,
        are_facts_new=before.profile_hash != after.profile_hash,
        are_pages_new=before.content_hash != after.content_hash,
    )


def _about(answer: TailoredAnswer) -> dict[str, None]:
    """The sentences that the records brought about."""
    return dict.fromkeys(one.text for one in answer.changes())
