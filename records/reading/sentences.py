"""Coded facts as plain sentences that stand alone, worded so that a planned, suspected, refuted or past thing can only be read as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from records.reading.coding import spread_to

PRESENT, RULED_OUT, SUSPECTED, PAST = "present", "ruled out", "suspected", "past"
GIVEN, ONGOING, PLANNED, NOT_GIVEN = "given", "ongoing", "planned", "not given"

_WORD = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_EMPTY = {
    "of",
    "the",
    "and",
    "in",
    "to",
    "with",
    "for",
    "on",
    "was",
    "from",
    "since",
    "a",
    "an",
    "is",
    "by",
    "diagnosis",
    "diagnosed",
    "ongoing",
    "given",
}
# What each sentence guards, and the words by which a text that people write guards the same.
_GUARDS = (
    (re.compile(r" was ruled out\.$"), r"ruled out|excluded|refuted|error|denie[sd]|negative|absent|no|not|never|without|inactive"),
    (re.compile(r" was not (?:given|done)\.$"), r"not|never|no|cancel\w+|declined|refused|held|withheld|on hold|error|deferred"),
    (
        re.compile(r"^Suspected "),
        r"suspect\w*|possib\w+|probabl\w+|presumed|likely|question\w*|rule out|r/o|concern\w*|differential|provisional",
    ),
    (re.compile(r"^Planned: "), r"plan\w*|schedul\w+|intend\w*|will|to start|order\w*|consider\w*|recommend\w*|propos\w+|future"),
    (re.compile(r"^History of "), r"history|h/o|past|prior|previous\w*|resolved|remission|inactive|former\w*|cured|s/p|status post"),
)
_STAGE = re.compile(r"^\s*(?:(?:clinical|pathologic(?:al)?|anatomic|ajcc|uicc)\s+)*(?:stage\s*)?(?:group\s*)?[:\s]*", re.IGNORECASE)


def illness(name: str, state: str, *, on: str = "") -> str:
    site = spread_to(name)
    if state == RULED_OUT:
        return f"{name} was ruled out."
    if state == SUSPECTED:
        return f"Suspected {name}{_bracketed(on)}."
    if site and state == PRESENT:
        return f"Metastasis: {site}{_bracketed(on)}."
    lead = "History of " if state == PAST else "Diagnosis: "
    return f"{lead}{name}{f', diagnosed on {on}' if on else ''}."


def medicine(name: str, state: str, *, start: str = "", stop: str = "", why: str = "") -> str:
    """A medicine, or an operation: what is done once has a start alone."""
    if state == NOT_GIVEN:
        return f"{name} was not given."
    if state == PLANNED:
        return f"Planned: {name}{_bracketed(start)}."
    if state == ONGOING:
        return f"{name}{f' since {start}' if start else ''}, ongoing."
    span = (
        f" from {start} to {stop}" if start and stop and start != stop else f" from {start}" if start else f" until {stop}" if stop else ""
    )
    return f"{name}{span}{f', {why}' if why else '' if span else ', given'}."


def done(name: str, state: str, *, start: str = "", stop: str = "") -> str:
    """An operation or a course of radiation."""
    if state == NOT_GIVEN:
        return f"{name} was not done."
    if state in (PLANNED, ONGOING) or (start and stop and start != stop):
        return medicine(name, state, start=start, stop=stop)
    return f"{name}{_bracketed(start or stop)}."


def variant(gene: str, *, changes: list[str], result: str, origin: str = "", method: str = "", on: str = "") -> str:
    lead = f"{origin.capitalize()} " if origin.casefold() in ("germline", "somatic") else ""
    how = f" ({method})" if method else ""
    return f"{lead}{gene}{how}: {', '.join(filter(None, (*changes, result)))}{_bracketed(on)}."


def stage(value: str, *, prefix: str = "", edition: str = "", on: str = "") -> str:
    """value: a stage group as IVB or "Stage 4B"."""
    lead = {"c": "Clinical stage", "p": "Pathologic stage"}.get(prefix, "Stage")
    return f"{lead} {_STAGE.sub('', value, count=1)}{_edition(edition)}{_bracketed(on)}."


def tnm(value: str, *, edition: str = "", on: str = "") -> str:
    return f"TNM: {value}{_edition(edition)}{_bracketed(on)}."


def score(name: str, value: str, *, on: str = "") -> str:
    return f"{name} performance status: {value}{_bracketed(on)}."


def allergy(name: str) -> str:
    return f"Allergies: {name}."


def relative(who: str, what: str, *, age: str = "") -> str:
    return f"Family history: {who}: {what}{f', age at onset {age}' if age else ''}."


def limits(low: str = "", high: str = "", *, unit: str = "") -> str:
    """A reference range; "" where there is none."""
    if low and high:
        return f"{low} - {high} {unit}".rstrip()
    return f">={low} {unit}".rstrip() if low else f"<={high} {unit}".rstrip() if high else ""


def is_told(said: str, shown: Sequence[str]) -> bool:
    """Do the lines that a person is shown already say this: most of its words, and every number that is no date?

    What is not so, not yet so or no longer so must be said as such by the line that names it: else the text must not stand for it.
    """
    guards = [re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for sentence, words in _GUARDS if sentence.search(said)]
    if not guards:
        return _has_words(said, " ".join(shown))
    plain = _FRAME.sub("", said)
    clauses = (clause for line in shown for clause in _CLAUSE_END.split(line))
    return any(all(one.search(clause) for one in guards) and _has_words(plain, clause) for clause in clauses)


def is_guarded(said: str) -> bool:
    """It says that something is not so, not yet so or no longer so."""
    return any(sentence.search(said) for sentence, _ in _GUARDS)


_FRAME = re.compile(r"^(?:Suspected|Planned:|History of) | was (?:ruled out|not given|not done)\.$")
_CLAUSE_END = re.compile(r"[.;!?]\s+")
_CANCER = re.compile(
    r"\bmalignant (?:tumou?r|neoplasm)\b|\b(?:cancer|carcinoma|malignancy|malignant|neoplasm|tumou?r)\b"
)  # one thing by many names


def _has_words(said: str, shown: str) -> bool:
    text = _CANCER.sub("cancer", shown.casefold())
    plain = _CANCER.sub("cancer", re.sub(r"\b\d{4}-\d{2}(?:-\d{2})?\b", " ", said.casefold()))
    asked = [one.strip(".+-") for one in _WORD.findall(plain) if one not in _EMPTY]
    numbers = [one for one in asked if any(letter.isdigit() for letter in one)]
    known = [one for one in asked if one in text]
    return all(one in text for one in numbers) and 2 * len(known) > len(asked)


def _bracketed(on: str) -> str:
    return f" ({on})" if on else ""


def _edition(edition: str) -> str:
    return f" (AJCC {edition}th edition)" if edition.isdigit() else ""
