"""One criterion against one free-text note: met, not met, or unknown, from the patient's side.

What is decided: limits that the note's facts settle (age, sex, fitness, blood tests, pregnancy), consent and cooperation where the note speaks
of them, a condition that both sides name in the same words, and a "known" condition that the note nowhere names. Silence settles nothing
else, and neither does a rule that was read in part: every word of the criterion must be accounted for before it lets anybody in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from personalize.codec import decode_profile
from personalize.eligibility import Kind, TrialCriterion, leading, parse_eligibility
from personalize.profile import PatientProfile
from personalize.trials import Fit, RuleOutcome, judge
from personalize.vocabulary import load
from records.assembly.line import text_line
from records.extraction import DocumentText, Report, parse_report
from records.extraction.context import assertion_at
from records.extraction.finding import Assertion

OLDEST_TO_BEAR, YOUNGEST_TO_BEAR = 60, 9  # years between which a woman's pregnancy is left open
LONGEST_NAME = 5  # words of a condition that is looked for in the note as it stands

_WORD = re.compile(r"[a-z][a-z'-]*")
_JOINED = re.compile(r"\bor\b|/|,|;|\bif\b|\bunless\b|\bexcept\b|\bbut\b")
_HIS, _HERS, _EITHER = (
    frozenset({"male", "males", "man", "men"}),
    frozenset({"female", "females", "woman", "women"}),
    frozenset({"either", "both"}),
)
_NOTE_CONSENTS = re.compile(r"\b(?:will|has|have|did|gave|given|provided?|provides|signed|agrees?d?)\b[^.]{0,40}\bconsent", re.IGNORECASE)
_NOTE_COOPERATES = re.compile(r"\b(?:will|can|is able to|is willing to)\b[^.]{0,60}\bcomply\b", re.IGNORECASE)
_NOTE_REFUSES = re.compile(r"\b(?:not|never|unable|refus\w+|declin\w+|cannot|without)\b[^.]{0,40}(?:consent|comply)", re.IGNORECASE)
_KNOWN = re.compile(r"^\W*(?:\d+\W+)?(?:(?:patients?|subjects?|participants?|those)\s+(?:with|who have)\s+)?(?:a |an |any )?"
                    r"(?:known|documented|previously diagnosed)\s+(?:history of |case of )?(?P<what>[^.;:]{3,120})", re.IGNORECASE)  # fmt: skip
_NAMED = re.compile(r"^\W*(?:\d+\W+)?(?:(?:the )?(?:patients?|subjects?|participants?|those|individuals?)\s+(?:with|who have|have)\s+)?(?:a |an |the )?"
                    r"(?:(?:clinical |confirmed )?diagnosis of |history of |presence of |diagnosed with )?(?P<what>[a-z][\w -]{3,60}?)\W*$",
                    re.IGNORECASE)  # fmt: skip


def _listed(name: str) -> frozenset[str]:
    return frozenset(one.strip() for one in load("criterion_words")[name]["words"].split(";"))


_PEOPLE, _SEXES, _CONSENT = _listed("people"), _listed("sexes"), _listed("consent")
_COOPERATION, _DENIES, _TOO_COMMON = _listed("cooperation"), _listed("denials"), _listed("too_common")
# By what a rule is about: the words that such a rule may use and still say nothing else.
_ABOUT = {
    "age": _SEXES | _listed("age"),
    "sex": _SEXES | _listed("sex"),
    "ecog": _listed("ecog"),
    "karnofsky": _listed("karnofsky"),
    "pregnancy": _SEXES | _listed("pregnancy"),
}


@dataclass(frozen=True, slots=True)
class NoteVerdict:
    outcome: Fit
    reason: str


UNKNOWN = NoteVerdict(Fit.UNKNOWN, "The note does not settle this.")


class Note:
    """A note read once: what it says of the patient, and its words."""

    def __init__(self, text: str, today: date) -> None:
        self.text = text
        self.today = today
        self.profile: PatientProfile = decode_profile(text_line("note", text, today=today)["profile"])
        self.report: Report = parse_report(DocumentText.of_text(text, "note.txt"))
        self.words = frozenset(map(_stem, _WORD.findall(text.lower())))


def verdict_of(note: Note, kind: Kind, text: str) -> NoteVerdict:
    """What the criterion comes to for the patient of the note."""
    for judged in (_by_rules, _by_will, _by_name, _by_knowledge):
        found = judged(note, kind, text)
        if found is not None:
            return found
    return UNKNOWN


def _by_rules(note: Note, kind: Kind, text: str) -> NoteVerdict | None:
    heading = "Inclusion Criteria" if kind is Kind.INCLUSION else "Exclusion Criteria"
    read = [one for one in parse_eligibility(f"{heading}:\n\n* {' '.join(text.split())}\n") if one.kind is kind]
    rules = [one for one in read if one.rule is not None]
    if not rules:
        return _of_both_sexes(kind, text)
    judged = [_judged(one, note) for one in rules]
    is_whole = len(rules) == len(read) and not _left_over(text, rules)
    is_single = is_whole or not _JOINED.search(text.lower())
    if kind is Kind.INCLUSION:
        return _all_of(judged, is_whole=is_whole, is_single=is_single)
    return _none_of(judged, is_whole=is_whole, is_single=is_single)


def _of_both_sexes(kind: Kind, text: str) -> NoteVerdict | None:
    words = set(_WORD.findall(text.lower())) - _PEOPLE
    is_so = bool(words) and words <= _SEXES and (bool(words & _EITHER) or (bool(words & _HIS) and bool(words & _HERS)))
    return NoteVerdict(Fit.MET, "This is for both sexes.") if is_so and kind is Kind.INCLUSION else None


def _judged(one: TrialCriterion, note: Note) -> RuleOutcome:
    """As for a trial; a woman beyond the years of bearing children is not pregnant."""
    made = judge(one, note.profile, today=note.today)
    about = leading(one.rule).predicate if one.rule is not None else ""
    years = note.profile.age_on(note.today)
    if about == "pregnancy" and made.fit is Fit.UNKNOWN and years is not None and not YOUNGEST_TO_BEAR <= years < OLDEST_TO_BEAR:
        return RuleOutcome(one, Fit.MET, made.outcome)
    return made


def _reason(judged: Sequence[RuleOutcome], fit: Fit) -> str:
    said = [one.outcome.reason for one in judged if one.fit is fit and one.outcome]
    return " ".join(dict.fromkeys(said)) or UNKNOWN.reason


def _all_of(judged: Sequence[RuleOutcome], *, is_whole: bool, is_single: bool) -> NoteVerdict | None:
    """An inclusion holds where all of it was read and holds; it fails where one part of it fails, unless the rest may be another way in."""
    if any(one.fit is Fit.NOT_MET for one in judged):
        return NoteVerdict(Fit.NOT_MET, _reason(judged, Fit.NOT_MET)) if is_single else None
    if is_whole and all(one.fit is Fit.MET for one in judged):
        return NoteVerdict(Fit.MET, _reason(judged, Fit.MET))
    return None


def _none_of(judged: Sequence[RuleOutcome], *, is_whole: bool, is_single: bool) -> NoteVerdict | None:
    """An exclusion does not apply where a part that it needs does not hold; it applies only where all of it was read and holds."""
    if is_whole and any(one.fit is Fit.NOT_MET for one in judged):
        return NoteVerdict(Fit.NOT_MET, _reason(judged, Fit.NOT_MET))
    if is_single and all(one.fit is Fit.MET for one in judged):
        return NoteVerdict(Fit.MET, _reason(judged, Fit.MET))
    return None


def _left_over(text: str, rules: Iterable[TrialCriterion]) -> set[str]:
    """Words of the criterion that none of its rules accounts for."""
    predicates = {leading(one.rule).predicate for one in rules if one.rule is not None}
    allowed = _PEOPLE.union(*(_ABOUT.get(one, frozenset()) for one in predicates))
    return set(_WORD.findall(text.lower())) - allowed if predicates <= _ABOUT.keys() else {text}


def _by_will(note: Note, kind: Kind, text: str) -> NoteVerdict | None:
    """Consent and cooperation, where the criterion is about nothing else and the note says that they are given."""
    words = set(_WORD.findall(text.lower()))
    said = words - _PEOPLE
    is_denied = bool(words & _DENIES)
    if not said or is_denied != (kind is Kind.EXCLUSION) or _NOTE_REFUSES.search(note.text):
        return None
    asks_consent = bool(re.search(r"consent|refus", text, re.IGNORECASE))
    if asks_consent and said <= _CONSENT | _DENIES | _COOPERATION and _NOTE_CONSENTS.search(note.text):
        return NoteVerdict(Fit.MET, "The note says that consent is given.")
    asks_more = bool(re.search(r"compl[iy]|adhere|follow-?\s?up|attend|cooperat|geograph|visits", text, re.IGNORECASE))
    if asks_more and said <= _COOPERATION | _DENIES and _NOTE_COOPERATES.search(note.text):
        return NoteVerdict(Fit.MET, "The note says that the plan will be kept to.")
    return None


def _by_name(note: Note, kind: Kind, text: str) -> NoteVerdict | None:
    """The same condition by the same words: present lets in by an inclusion, absent lets in by an exclusion. Neither ever keeps out."""
    found = _NAMED.match(" ".join(text.split()))
    name = found["what"].lower().strip() if found else ""
    words = name.split()
    if not 1 <= len(words) <= LONGEST_NAME or set(words) <= _TOO_COMMON or _JOINED.search(name) or len(name) < 4:
        return None
    said = _assertions(note, name)
    is_so = {Assertion.PRESENT, Assertion.HISTORICAL} if "history of" in text.lower() else {Assertion.PRESENT}
    if kind is Kind.INCLUSION and said and said <= is_so:
        return NoteVerdict(Fit.MET, f"The note says {name}.")
    if kind is Kind.EXCLUSION and said == {Assertion.ABSENT}:
        return NoteVerdict(Fit.MET, f"The note says no {name}.")
    return None


def _assertions(note: Note, name: str) -> set[Assertion]:
    """How the note speaks of these words, at each place where it does."""
    spoken = set()
    for number, page in note.report.lowered.items():
        for found in re.finditer(rf"\b{re.escape(name)}\b", page):
            segment = note.report.segment_at(number, found.start())
            if segment is not None:
                start = found.start() - segment.page_start
                spoken.add(assertion_at(segment, start, start + len(name)))
    return spoken


def _by_knowledge(note: Note, kind: Kind, text: str) -> NoteVerdict | None:
    """A "known" condition of which the note names no word is not known: "known only" exclusions pass what nobody knows."""
    found = _KNOWN.match(" ".join(text.split()))
    if kind is not Kind.EXCLUSION or not found:
        return None
    named = {_stem(word) for word in _WORD.findall(found["what"].lower()) if len(word) > 3} - _PEOPLE
    if not named or named & note.words:
        return None
    return NoteVerdict(Fit.MET, "It is not known of this patient: the note does not name it.")


def _stem(word: str) -> str:
    """Enough to tell "allergic" and "allergy" alike: the first six letters."""
    return word[:6]
