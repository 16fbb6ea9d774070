"""The wording rules, as checks an editor and a test can run: banned wording, rates without people, reading grade, long sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from personalize.content.kinds import Sensitivity
from personalize.content.plain import ENGLISH
from personalize.content.reading_grade import MAX_GRADE, MAX_WORDS_IN_SENTENCE, longest_sentence, reading_grade
from personalize.content.values import FactStatement

_RATE = re.compile(r"\d(?:[\d.,]*)\s?(?:%|percent\b)|\b(?:\d+|one|two|three) (?:in|of|out of) (?:every )?(?:10|100)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d\s?(?:%|percent\b)", re.IGNORECASE)
_SMALL_GROUP = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|[1-9]) (?:people|persons|men|women|patients)\b", re.IGNORECASE
)
_FILES = {ENGLISH: "wording.toml", "es": "wording_es.toml"}
_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True)
class WordingFault:
    """What is wrong with a text: a stable code, the words that are wrong, and what to write instead."""

    code: str
    words: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    pattern: re.Pattern[str]
    instead: str
    unless: str | None = None
    needs: re.Pattern[str] | None = None


def wording_faults(
    text: str, sensitivity: Sensitivity = Sensitivity.NONE, *, max_grade: float = MAX_GRADE, language: str = ENGLISH
) -> tuple[WordingFault, ...]:
    """Everything in `text` that the wording rules forbid. Words in “curly quotes” are somebody else's and are not judged. The reading grade
    is one of English; a text in another language keeps to the length of its sentences."""
    own = _QUOTED.sub("", text)
    grade = max_grade if language == ENGLISH else None
    return (*_banned(own, sensitivity, language), *_missing_companions(own, language), *_reading_faults(own, grade))


def rate_faults(text: str, facts: Sequence[FactStatement]) -> tuple[WordingFault, ...]:
    """A rate needs who was studied and the year; a percentage needs ten people or more. `facts` are those behind the text."""
    faults = []
    rate = _RATE.search(text)
    if rate and not any(one.population and re.search(r"\d{4}", one.as_of) for one in facts):
        faults.append(
            WordingFault("rate_without_people", rate.group(), "Name who was studied and when: cite a fact with a population and a date.")
        )
    percent, small = _PERCENT.search(text), _SMALL_GROUP.search(text)
    if percent and small:
        faults.append(WordingFault("percent_of_few", percent.group(), "With fewer than 10 people write '1 of 6 people'."))
    return tuple(faults)


def _banned(text: str, sensitivity: Sensitivity, language: str) -> Iterator[WordingFault]:
    for rule in _rules("banned", language):
        found = rule.pattern.search(text)
        if found and rule.unless != sensitivity.value:
            yield WordingFault(rule.code, found.group(), rule.instead)


def _missing_companions(text: str, language: str) -> Iterator[WordingFault]:
    for rule in _rules("companion", language):
        found = rule.pattern.search(text)
        if found and rule.needs and not rule.needs.search(text):
            yield WordingFault(rule.code, found.group(), rule.instead)


def _reading_faults(text: str, max_grade: float | None) -> Iterator[WordingFault]:
    grade, longest = reading_grade(text) if max_grade is not None else 0.0, longest_sentence(text)
    if max_grade is not None and grade > max_grade:
        yield WordingFault("reading_grade", f"{grade}", f"Use shorter words and sentences: at most grade {max_grade:g}.")
    if longest > MAX_WORDS_IN_SENTENCE:
        yield WordingFault("long_sentence", f"{longest} words", f"Cut it: at most {MAX_WORDS_IN_SENTENCE} words.")


@cache
def _rules(kind: str, language: str) -> tuple[_Rule, ...]:
    made = tomllib.loads((Path(__file__).parent / _FILES[language]).read_text(encoding="utf-8"))
    return tuple(
        _Rule(
            code=one["code"],
            pattern=_whole_words(one["pattern"]),
            instead=one["instead"],
            unless=one.get("unless"),
            needs=_whole_words(one["needs"]) if "needs" in one else None,
        )
        for one in made[kind]
    )


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
