"""How much a record speaks of the person's disease and markers: fields weighed, words as BM25 would count them, for records with and without rules.

The order of importance is that of the field: a trial for this cancer that aims at this change, then one for this cancer or for any solid tumor
that does, then one for this cancer. Nothing here rules anything out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from personalize.criteria.disease import disease_name, kinds_of
from personalize.eligibility.diagnosis import codes_in
from personalize.eligibility.plain import plain
from personalize.profile import Biomarker, PatientProfile
from personalize.trials.values import Trial
from personalize.vocabulary import load

K1, B = 1.2, 0.6  # BM25: how soon a repeated word stops counting; how much a long record is marked down
TITLE_COUNTS = 3  # a word of the title or the conditions counts as so many
GENERAL = frozenset({"solid_tumor", "any_cancer", "digestive_tumor"})
# Points. Disease: named in the title or the conditions, or in the text only. Gene: likewise. See the module's first lines for their order.
OWN_DISEASE, OWN_IN_TEXT, ANY_TUMOR, OTHER_ONLY = 6.0, 3.0, 3.0, -5.0
GENE_IN_TITLE, GENE_IN_TEXT, TARGET_IN_TITLE = 9.0, 7.0, 0.5
VARIANT = 1.5
MOST_BY_WORDS = 4.0  # the best record by BM25 gets so many points

_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Relevance:
    """Points with their reasons."""

    parts: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A record as words. head: title, conditions, interventions; body: the rest; counts: of words over both; codes: cancers named in each."""

    head: str
    body: str
    counts: Mapping[str, int]
    length: int
    head_codes: frozenset[str]
    body_codes: frozenset[str]


def relevance_of(trials: Sequence[Trial], profile: PatientProfile) -> list[Relevance]:
    """One per trial, in order."""
    read = [_read(one.title, one.conditions, one.interventions, one.summary, one.text, one.eligibility) for one in trials]
    by_words = _bm25(read, _words_asked(profile))
    best = max(by_words, default=0.0) or 1.0
    wanted = _Wanted.of(profile)
    return [
        Relevance((*_disease_parts(one, wanted), *_marker_parts(one, wanted), (round(MOST_BY_WORDS * score / best, 3), "")))
        for one, score in zip(read, by_words, strict=True)
    ]


@lru_cache(maxsize=8192)
def _read(title: str, conditions: tuple[str, ...], interventions: tuple[str, ...], summary: str, text: str, eligibility: str) -> _Read:
    named = plain("; ".join((title, *conditions)))
    head = f"{named} {plain('; '.join(interventions))}"
    body = plain(" ".join((summary, text, eligibility)))
    counts = Counter(_TOKEN.findall(body))
    for word in _TOKEN.findall(head):
        counts[word] += TITLE_COUNTS
    codes = [frozenset(code for code, _, _ in codes_in(part)) for part in (named, body)]
    return _Read(head, body, counts, sum(counts.values()), codes[0], codes[1])


def _bm25(read: Sequence[_Read], asked: Mapping[str, float]) -> list[float]:
    """Okapi BM25 of each record; asked: words with their weights."""
    mean = sum(one.length for one in read) / len(read) if read else 0.0
    rarity = {word: _rarity(sum(word in one.counts for one in read), len(read)) for word in asked}
    scores = []
    for one in read:
        norm = K1 * (1 - B + B * one.length / mean) if mean else K1
        found = ((one.counts[word], word) for word in asked if word in one.counts)
        scores.append(sum(asked[word] * rarity[word] * count * (K1 + 1) / (count + norm) for count, word in found))
    return scores


def _rarity(holding: int, of: int) -> float:
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for. own: the cancer's code with the groups it belongs to, the general ones left out. genes: pattern and name of each."""

    own: frozenset[str]
    genes: tuple[tuple[str, re.Pattern[str]], ...]
    targets: tuple[re.Pattern[str], ...]
    variants: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, profile: PatientProfile) -> _Wanted:
        cancer = profile.primary_cancer
        own = frozenset(kinds_of(cancer.code)) - GENERAL if cancer and cancer.code else frozenset()
        found = _changes(profile)
        names = tuple(dict.fromkeys(one.name for one in found))
        targets = [_any_of(words) for one in names if (words := _target_words(one))]
        variants = [_any_of([one]) for marker in found for one in _variants(marker)]
        return cls(own, tuple((one, _any_of(_aliases(one))) for one in names), tuple(targets), tuple(variants))


def _changes(profile: PatientProfile) -> list[Biomarker]:
    """Markers that were found: changed, expressed or high."""
    return [one for one in profile.biomarkers if one.status == "positive"]


def _variants(marker: Biomarker) -> list[str]:
    return [one.lower() for one in re.findall(r"\b[A-Z]\d{2,4}[A-Z]?\b", marker.detail or "")]


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted({one.lower() for one in words}, key=lambda one: (-len(one), one))
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![a-z0-9])")


@cache
def _aliases(name: str) -> tuple[str, ...]:
    """The marker by every name that registries and laboratories give it."""
    genes = load("genes")["genes"].get(name, "").split(";")
    markers = (*load("trial_markers")["marker"], *load("markers")["marker"])
    other = [word for one in markers for word in one["words"].split(";") if one["name"] == name or name.lower() in _split(one["words"])]
    return tuple(dict.fromkeys(word.strip().lower() for word in (name, *genes, *other) if len(word.strip()) > 2))


def _split(words: str) -> set[str]:
    return {one.strip() for one in words.split(";")}


@cache
def _target_words(name: str) -> tuple[str, ...]:
    """Drugs and phrases for an approach that aims at a change of this gene."""
    words: list[str] = []
    for one in load("trial_targets")["target"]:
        if name in one["genes"]:
            classes = set(one["classes"])
            words += [
                drug["name"] for drug in load("drugs")["drug"] if classes & set(drug.get("classes", ())) and not drug.get("supportive")
            ]
            words += [word.strip() for word in one["words"].split(";")]
    return tuple(words)


def _words_asked(profile: PatientProfile) -> dict[str, float]:
    """Words of the cancer, its groups, its markers and their variants, with weights."""
    cancer = profile.primary_cancer
    asked: dict[str, float] = {}
    groups = [disease_name(one) for one in kinds_of(cancer.code) if one not in GENERAL] if cancer and cancer.code else []
    for phrase, weight in ((cancer.name if cancer else "", 1.0), *((one, 0.5) for one in groups)):
        for word in _TOKEN.findall(plain(phrase)):
            asked.setdefault(word, weight)
    for marker in _changes(profile):
        for word in (*_aliases(marker.name), *_variants(marker)):
            asked.setdefault(word, 1.5)
        for word in _target_words(marker.name):
            asked.setdefault(word, 0.7)
    return asked


def _disease_parts(read: _Read, wanted: _Wanted) -> list[tuple[float, str]]:
    if not wanted.own:
        return []
    if _names(read.head_codes, wanted):
        return [(OWN_DISEASE, "It is about your type of cancer.")]
    if _names(read.body_codes, wanted):
        return [(OWN_IN_TEXT, "It takes your type of cancer, among others.")]
    if read.head_codes & GENERAL:
        return [(ANY_TUMOR, "It is for several types of cancer.")]
    return [(OTHER_ONLY, "Its title is about another cancer.")] if read.head_codes else []


def _names(codes: frozenset[str], wanted: _Wanted) -> bool:
    """One of the cancers is the person's, a group of it, or a kind of it."""
    return bool(codes & wanted.own) or any(set(kinds_of(one)) & wanted.own for one in codes)


def _marker_parts(read: _Read, wanted: _Wanted) -> list[tuple[float, str]]:
    parts: list[tuple[float, str]] = []
    for name, pattern in wanted.genes:
        if pattern.search(read.head):
            parts.append((GENE_IN_TITLE, f"It aims at {name}."))
        elif pattern.search(read.body):
            parts.append((GENE_IN_TEXT, f"It speaks of {name}."))
    if any(one.search(read.head) for one in wanted.targets):
        parts.append((TARGET_IN_TITLE, "Its drug is tried against this change."))
    if any(one.search(read.head) or one.search(read.body) for one in wanted.variants):
        parts.append((VARIANT, "It names this very change."))
    return parts
