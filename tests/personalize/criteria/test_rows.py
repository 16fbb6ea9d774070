"""A condition as plain rows: what is written as rows means the same, and what is wrong is said beside its row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize.criteria import (
    PREDICATES,
    AllOf,
    AnyOf,
    Criterion,
    CriterionFault,
    IfKnown,
    Not,
    Row,
    RowFaults,
    Rule,
    decode,
    describe,
    encode,
    from_rows,
    to_rows,
)
from personalize.profile import PatientProfile
from tests.personalize.criteria.test_criteria import G12D, criteria, profiles, truth
from tests.personalize.tailor.people import content

KRAS = Row("biomarker", about="KRAS", op="variant_in", value="G12D, G12V")
wrapped = st.recursive(criteria, lambda inner: st.one_of(inner.map(Not), inner.map(IfKnown)), max_leaves=6)


def _conditions() -> list[Criterion]:
    return [passage.condition for answer in content().answers for passage in answer.passages() if passage.condition]


def test_every_condition_of_the_content_comes_back_from_its_rows() -> None:
    made = _conditions()
    assert len(made) > 80
    for one in made:
        again = from_rows(to_rows(one))
        assert again == one, encode(one)


@given(wrapped, profiles)
def test_rows_mean_what_the_condition_means(criterion: Criterion, profile: PatientProfile) -> None:
    again = from_rows(to_rows(criterion))
    assert again is not None and truth(again, profile) is truth(criterion, profile)
    assert to_rows(again) == to_rows(criterion)


def test_rows_read_as_they_stand() -> None:
    rows = (Row("diagnosis", op="in", value="PAAD"), Row("any", holds="not known"), Row("biomarker", 1, about="KRAS", op="variant_in", value="G12D"),
            Row("age", 1, op="at_least", value="65"))  # fmt: skip
    made = from_rows(rows)
    assert made == AllOf((Rule("diagnosis", "in", ("PAAD",)), Not(IfKnown(AnyOf((G12D, Rule("age", "at_least", 65)))))))
    assert made is not None and to_rows(made) == rows
    assert (
        describe(made)
        == "the cancer is pancreatic ductal adenocarcinoma and it is not known that (KRAS has G12D or the age is at least 65)"
    )
    assert from_rows(()) is None


def test_words_with_a_comma_in_them_are_kept_apart_by_semicolons() -> None:
    for words in (("a, b",), ("a, b", "c"), ("a", "c")):
        rule = Rule("histology", "contains_any", words)
        assert from_rows(to_rows(rule)) == rule


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row(""), "choose a fact or a group"),
        (Row("horoscope", op="is"), "choose a fact or a group"),
        (Row("age", op="in", value="65"), "this fact goes with: above, at least, at most, below"),
        (Row("age", op="at_least", value="old"), "“old” is not a number"),
        (Row("age", op="at_least"), "takes a number"),
        (Row("biomarker", op="positive"), "needs 'sub'"),
        (Row("biomarker", about="KRAS", op="positive", value="G12D"), "this operator takes no value"),
        (Row("biomarker", about="KRAS", op="variant_in", value=" , "), "takes a list of words"),
        (Row("treatment", op="within_days", value="chemotherapy", days="three"), "days is a whole number"),
        *((Row("treatment", op="within_days", value="chemotherapy", days=one), "days is a whole number") for one in ("²", "9" * 20, "-1", "１２")),
        *((Row("age", op="at_least", value=one), "is not a number") for one in ("²", "nan", "inf", "1e999", "9" * 5000, "１２")),
        (Row("lab", about="horoscope", op="above", value="1"), "it is about one of"),
        (Row("fact_state", about="horoscope", op="is", value="found"), "it is about one of"),
        (Row("any"), "the group is empty"),
        (Row("all", op="is"), "a group has no operator"),
        (Row("age", 1, op="at_least", value="65"), "no group above it"),
        (Row("age", holds="perhaps", op="at_least", value="65"), "choose how it is meant"),
    ],
)
def test_what_is_wrong_is_said_beside_its_row(row: Row, said: str) -> None:
    with pytest.raises(RowFaults, match="row 2") as fault:
        from_rows((KRAS, row))
    assert list(fault.value.faults) == [1] and said in fault.value.faults[1]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(RowFaults) as fault:
        from_rows((Row("any"), Row("age", 1, op="in"), Row("nonsense", 1)))
    assert list(fault.value.faults) == [1, 2]


def test_a_rule_on_the_state_of_a_fact_that_does_not_exist_is_refused() -> None:
    """It would break every page it is on."""
    with pytest.raises(CriterionFault, match="it is about one of"):
        decode({"predicate": "fact_state", "sub": "horoscope", "op": "is", "value": "found"})


@pytest.mark.parametrize(("name", "op"), [(name, op) for name, one in PREDICATES.items() for op in one.ops])
def test_every_operator_reads_as_english(name: str, op: str) -> None:
    value = {"a list of words": ("some_thing", "other"), "a word": "some_thing", "a number": 3}.get(PREDICATES[name].ops[op])
    said = PREDICATES[name].describe(Rule(name, op, value, sub="hbv"))
    assert "_" not in said and "None" not in said and "{" not in said and len(said.split()) >= 1
