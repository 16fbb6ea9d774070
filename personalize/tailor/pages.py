"""Which answer a profile belongs to. A diagnosis that is missing, disputed or of no known kind never picks a page by guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from personalize.content import Answer, Content
from personalize.criteria.disease import kinds_of
from personalize.profile import Cancer, PatientProfile
from personalize.vocabulary import load

GENERAL_SLUG = "no-diagnosis"
_NOT_CANCER = ("IPMN", "MCN")  # cysts: they may become cancer, and are none


def choose_answer(content: Content, profile: PatientProfile, requested: str, *, today: date) -> Answer:
    """The answer for the (settled) profile: by the narrowest disease group that has one, then by name. `requested` while the diagnosis
    is not found, not confirmed or in conflict; the page without a diagnosis where there is no cancer, or one of no kind we know."""
    cancer = profile.primary_cancer
    if cancer is None or cancer.status == "suspected" or cancer.proof.is_conflicting:
        return content.answer(requested)
    if cancer.status == "ruled_out" or cancer.code in _NOT_CANCER:
        return content.answer(GENERAL_SLUG)
    age = profile.age_on(today)
    found = _by_kind(content.answers, _kinds(cancer), age) or _by_name(content.answers, cancer, age)
    return found or content.answer(GENERAL_SLUG)


def _kinds(cancer: Cancer) -> tuple[str, ...]:
    """The code and its groups; a code outside the hierarchy belongs to solid or blood as the list of cancers says."""
    if not cancer.code:
        return ()
    kinds = kinds_of(cancer.code)
    if kinds[-1] in ("solid_tumor", "blood_cancer"):
        return kinds
    listed = [one for one in load("cancers")["cancer"] if one["code"] == cancer.code]
    if not listed:
        return kinds
    return (*kinds, "blood_cancer" if listed[0].get("blood") else "solid_tumor")


def _by_kind(answers: Iterable[Answer], kinds: Iterable[str], age: int | None) -> Answer | None:
    for kind in kinds:
        found = _of_age([one for one in answers if kind in one.codes], age)
        if found:
            return found
    return None


def _by_name(answers: Iterable[Answer], cancer: Cancer, age: int | None) -> Answer | None:
    """Where no code is known: the longest name that the record's words contain."""
    if cancer.code:
        return None
    said = f"{cancer.name} {cancer.histology or ''}".lower()
    named = [(len(name), one) for one in answers for name in one.names if name in said]
    longest = max((length for length, _ in named), default=0)
    return _of_age([one for length, one in named if length == longest], age)


def _of_age(answers: list[Answer], age: int | None) -> Answer | None:
    """Of pages that differ by age, the one for this age; the adult one while the age is not known, which hides nothing then."""
    if age is None:
        return max(answers, key=lambda one: one.min_age or 0, default=None)
    fitting = [one for one in answers if (one.min_age or 0) <= age <= (one.max_age if one.max_age is not None else 200)]
    return fitting[0] if fitting else None
