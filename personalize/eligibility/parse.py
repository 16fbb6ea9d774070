"""Registry text to criteria. Every sentence is kept: what cannot be read stands as a criterion without a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

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
from personalize.eligibility.conditions import bind, binds_nobody
from personalize.eligibility.fields import age_and_sex, disease_of_title
from personalize.eligibility.questions import is_recoverable, leaves, question_of
from personalize.eligibility.sections import passages
from personalize.eligibility.values import Passage, Source, TrialCriterion

Read = Callable[[Passage], Iterable[Criterion]]

# Words one of which must stand in a sentence before its reader is tried (those of a long word list are fetched when first needed), and the reader.
READERS: tuple[tuple[tuple[str, ...] | Callable[[], tuple[str, ...]], Read], ...] = (
    (diagnosis.TRIGGERS, diagnosis.read_diagnosis),
    (("neuroendocrine", "islet", "sarcomatoid", "squamous", "acinar", "mucinous", "small cell", "small-cell", "anaplastic", "undifferentiated",
    "carcinoid"), diagnosis.read_histology),
    (("advanced", "metasta", "unresect", "resect", "stage", "inoperable", "relaps", "refractory", "recurren", "borderline", "unsuitable", "amenable",
    "locoregional"), stage.read_stage),
    (stage.SITE_TRIGGERS, stage.read_sites),
    (("progress", "metasta"), stage.read_dates),
    (lines.LINE_TRIGGERS, lines.read_lines),
    (washout.WINDOW_TRIGGERS, washout.read_washout),
    (history.CLASS_TRIGGERS, history.read_classes),
    (history.CELL_TRIGGERS, history.read_cell_therapy),
    (person.AGE_TRIGGERS, person.read_age),
    (person.SEX_TRIGGERS, person.read_sex),
    (fitness.FITNESS_TRIGGERS, fitness.read_fitness),
    (fitness.LIFE_TRIGGERS, fitness.read_life_expectancy),
    (fitness.MEASURABLE_TRIGGERS, fitness.read_measurable),
    (person.PREGNANCY_TRIGGERS, person.read_pregnancy),
    (labs.TRIGGERS, labs.read_labs),
    (illness.BRAIN_TRIGGERS, illness.read_brain_mets),
    (illness.AUTOIMMUNE_TRIGGERS, illness.read_autoimmune),
    (infection.INFECTION_TRIGGERS, infection.read_infection),
    (comorbidity.OTHER_CANCER_TRIGGERS, comorbidity.read_other_malignancy),
    (comorbidity.TRANSPLANT_TRIGGERS, comorbidity.read_transplant),
    (comorbidity.STEROID_TRIGGERS, comorbidity.read_steroids),
    (markers.triggers, markers.read_markers),
    (("hla",), markers.read_hla),
)  # fmt: skip

_PLACES = range(len(READERS))


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
    if len(words) > 6000 or binds_nobody(passage):
        return
    yield from bind(passage, [rule for place in _worth_trying(words) for rule in READERS[place][1](passage)])


@cache
def _triggers() -> ahocorasick.Automaton:
    """From trigger words to a mask of the readers they wake."""
    masks: dict[str, int] = {}
    for place, (triggers, _) in enumerate(READERS):
        for word in triggers() if callable(triggers) else triggers:
            masks[word] = masks.get(word, 0) | 1 << place
    automaton = ahocorasick.Automaton()
    for word, mask in masks.items():
        automaton.add_word(word, mask)
    automaton.make_automaton()
    return automaton


def _worth_trying(words: str) -> list[int]:
    mask = 0
    for _, found in _triggers().iter(f" {words} "):
        mask |= found
    return [place for place in _PLACES if mask >> place & 1] if mask else []
