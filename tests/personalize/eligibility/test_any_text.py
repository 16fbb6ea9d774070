"""What holds for every text: nothing is lost, every word is verbatim, nothing is made up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from personalize.criteria import Truth, check, evaluate
from personalize.eligibility import Source, encode_criterion, parse_eligibility
from personalize.profile import PatientProfile
from tests.personalize.trials.people import TODAY

SENTENCES = (
    "Histologically confirmed pancreatic adenocarcinoma",
    "Age >= 18 years; ECOG 0-1",
    "Total bilirubin ≤ 1.5 x ULN (≤ 3 x ULN with liver metastases)",
    "No prior CAR-T cells, unless given more than 2 years ago",
    "At least one of the following:",
    "KRAS G12D mutation, or",
    "Cohort 2: two or more prior lines of therapy",
    "Known HIV infection",
    "A wish to sail at night",
    "Exclusion Criteria:",
    "Inclusion Criteria:",
    "Patients with brain metastases that were treated are allowed",
    "Chemotherapy within 3 weeks of day 1",
    "",
)
MARKERS = ("* ", "  * ", "- ", "1. ", "2) ", "\t", "", "•")
LINES = st.tuples(st.sampled_from(MARKERS), st.one_of(st.sampled_from(SENTENCES), st.text(max_size=40))).map("".join)
RECORDS = st.lists(LINES, max_size=12).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_each_sentence_is_cut_from_the_text_as_it_stands(text: str) -> None:
    for one in parse_eligibility(text):
        assert one.source is Source.ELIGIBILITY
        assert text[one.start : one.end] == one.sentence != ""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([one for one in SENTENCES if one and not one.endswith(":")]), min_size=1, max_size=8))
def test_no_sentence_is_lost(sentences: list[str]) -> None:
    text = "Inclusion Criteria:\n\n" + "\n".join(f"* {one}" for one in sentences)
    kept = sorted((one.start, one.end) for one in parse_eligibility(text))
    at = 0
    for sentence in sentences:
        at = text.index(f"* {sentence}", at) + 2
        assert any(start < at + len(sentence) and at < end for start, end in kept), sentence


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_each_rule_can_be_evaluated_and_written_and_nobody_known_meets_or_breaks_none(text: str) -> None:
    for one in parse_eligibility(text):
        made = encode_criterion(one)
        assert made["sentence"] == one.sentence
        if one.rule is None:
            assert made["predicate"] == "other"
            continue
        check(one.rule)
        assert evaluate(one.rule, PatientProfile(), today=TODAY).truth is Truth.UNKNOWN


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_the_same_text_gives_the_same_criteria(text: str) -> None:
    assert parse_eligibility(text) == parse_eligibility(text)
