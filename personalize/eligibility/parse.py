"""Registry text to criteria. Every sentence is kept: what cannot be read stands as a criterion without a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

import ahocorasick

from personalize.criteria import AnyOf, Criterion
from personalize.eligibility import (
    comorbidity,
    diagnosis,
    fitness,
    history,
    illness,
    infection,
    labs,
    lines,
    markers,
    person,
    stage,
    washout,
)
from personalize.eligibility.condense import alternatives, as_one, condense, diagnosis_of
from personalize.eligibility.conditions import NOBODY_TRIGGERS, bind, binds_nobody
from personalize.eligibility.fields import age_and_sex, disease_of_title
from personalize.eligibility.questions import is_recoverable, leaves, question_of
from personalize.eligibility.sections import passages
from personalize.eligibility.values import Passage, Source, TrialCriterion

Read = Callable[[Passage], Iterable[Criterion]]

# For each reader the groups of words of which one must stand in a sentence, of every group, before it is tried (those of a long word list are
# fetched when first needed).
Words = tuple[str, ...] | Callable[[], tuple[str, ...]]
_DIGITS = tuple("0123456789")
READERS: tuple[tuple[tuple[Words, ...], Read], ...] = (
    ((diagnosis.TRIGGERS,), diagnosis.read_diagnosis),
    (
        (
            ("neuroendocrine", "islet", "sarcomatoid", "squamous", "acinar", "mucinous", "small cell", "small-cell", "anaplastic",
             "undifferentiated", "carcinoid"),
        ),
        diagnosis.read_histology,
    ),
    (
        (
            ("advanced", "metasta", "unresect", "resect", "stage", "inoperable", "relaps", "refractory", "recurren", "borderline", "unsuitable",
             "amenable", "locoregional"),
        ),
        stage.read_stage,
    ),
    ((stage.SITE_TRIGGERS,), stage.read_sites),
    ((("progress", "metasta"),), stage.read_dates),
    ((lines.LINE_TRIGGERS, (*_DIGITS, *lines.COUNT_TRIGGERS)), lines.read_lines),
    ((washout.WINDOW_TRIGGERS, washout.THERAPY_TRIGGERS, _DIGITS), washout.read_washout),
    ((history.CLASS_TRIGGERS, history.class_triggers), history.read_classes),
    ((history.CELL_TRIGGERS, history.CELL_PAST_TRIGGERS), history.read_cell_therapy),
    ((person.AGE_TRIGGERS, _DIGITS), person.read_age),
    ((person.SEX_TRIGGERS,), person.read_sex),
    ((fitness.FITNESS_TRIGGERS,), fitness.read_fitness),
    ((fitness.LIFE_TRIGGERS,), fitness.read_life_expectancy),
    ((fitness.MEASURABLE_TRIGGERS,), fitness.read_measurable),
    ((person.PREGNANCY_TRIGGERS,), person.read_pregnancy),
    ((labs.TRIGGERS,), labs.read_labs),
    ((illness.BRAIN_TRIGGERS,), illness.read_brain_mets),
    ((illness.AUTOIMMUNE_TRIGGERS,), illness.read_autoimmune),
    ((infection.INFECTION_TRIGGERS,), infection.read_infection),
    ((comorbidity.OTHER_CANCER_TRIGGERS,), comorbidity.read_other_malignancy),
    ((comorbidity.TRANSPLANT_TRIGGERS,), comorbidity.read_transplant),
    ((comorbidity.STEROID_TRIGGERS,), comorbidity.read_steroids),
    ((markers.triggers,), markers.read_markers),
    ((("hla",),), markers.read_hla),
)  # fmt: skip


def parse_eligibility(
    text: str | None,
    *,
    title: str | None = None,
    conditions: Iterable[str] = (),
    min_age: str | None = None,
    max_age: str | None = None,
    sex: str | None = None,
) -> tuple[TrialCriterion, ...]:
    """All criteria of a record in the order of the text; then what only the registry's fields, the title or the conditions say.

    min_age and max_age as the registry writes them ("18 Years"), sex ALL, MALE or FEMALE; absent is None. Never raises on any text.
    """
    words = text or ""
    read = [one for run in alternatives(list(passages(words))) for one in _criteria_of(run, words)]
    made = condense(age_and_sex(read, min_age, max_age, sex), title, tuple(conditions))
    if not any(diagnosis_of(one) for one in made):
        made += disease_of_title(title, tuple(conditions))
    return tuple(made)


def _criteria_of(run: list[Passage], text: str) -> Iterator[TrialCriterion]:
    if len(run) > 1:
        joined = as_one(run, _rules_of, text)
        yield from joined if joined is not None else (_unread(passage, text) for passage in run)
        return
    passage = run[0]
    rules = list(_rules_of(passage))
    for rule in rules:
        start, end = _words_of(passage, rule)
        yield TrialCriterion(
            text[start:end], passage.kind, rule, passage.cohorts, is_recoverable(rule), question_of(rule), Source.ELIGIBILITY, start, end,
            passage.is_under_heading,
        )  # fmt: skip
    if not rules:
        yield _unread(passage, text)


def _words_of(passage: Passage, rule: Criterion) -> tuple[int, int]:
    """A marker rule that names cancers which need no test is drawn from all of its list entry."""
    is_wide = isinstance(rule, AnyOf) and {one.predicate for one in leaves(rule)} == {"biomarker", "diagnosis"}
    return (passage.bullet_start, passage.bullet_end) if is_wide else (passage.start, passage.end)


def _unread(passage: Passage, text: str) -> TrialCriterion:
    return TrialCriterion(text[passage.start : passage.end], passage.kind, None, passage.cohorts, start=passage.start, end=passage.end)


def _rules_of(passage: Passage) -> Iterator[Criterion]:
    """Every reader whose words are there; what binds only some patients is made conditional."""
    words = passage.plain
    if len(words) > 6000:
        return
    here = _groups_in(words)
    if here & 1 and binds_nobody(passage):
        return
    if here > 1:
        yield from bind(passage, [rule for read in _worth_trying(here) for rule in read(passage)])


@cache
def _groups() -> tuple[ahocorasick.Automaton, tuple[tuple[int, Read], ...]]:
    """From a word to the bits of its groups; and of each reader the bits it needs. The lowest bit is that of a sentence that may bind nobody."""
    bits: dict[str, int] = dict.fromkeys(NOBODY_TRIGGERS, 1)
    needs = []
    bit = 1
    for groups, read in READERS:
        need = 0
        for group in groups:
            bit <<= 1
            need |= bit
            for word in group() if callable(group) else group:
                bits[word] = bits.get(word, 0) | bit
        needs.append((need, read))
    automaton = ahocorasick.Automaton()
    for word, mask in bits.items():
        automaton.add_word(word, mask)
    automaton.make_automaton()
    return automaton, tuple(needs)


def _groups_in(words: str) -> int:
    """The bits of all groups of which a word stands in the sentence, in one pass."""
    here = 0
    for _, found in _groups()[0].iter(f" {words} "):
        here |= found
    return here


@lru_cache(maxsize=4096)
def _worth_trying(here: int) -> tuple[Read, ...]:
    return tuple(read for need, read in _groups()[1] if here & need == need)
