"""Which readers a sentence wakes: none that would find something may stay asleep."""

from __future__ import annotations

import pytest

from personalize.eligibility import parse
from personalize.eligibility.plain import plain
from personalize.eligibility.values import Kind, Passage

SENTENCES = (
    "Histologically confirmed unresectable or metastatic pancreatic adenocarcinoma with liver metastases",
    "Neuroendocrine or acinar histology",
    "Documented radiographic progression within the last 12 months",
    "Received one or two prior lines of systemic therapy",
    "Disease that is refractory to standard chemotherapy",
    "Previously untreated metastatic disease",
    "Prior chemotherapy for metastatic disease",
    "Chemotherapy-naive patients",
    "Chemotherapy within 3 weeks of the first dose",
    "Radiotherapy within two weeks of enrollment",
    "Previously treated with gemcitabine or a PARP inhibitor",
    "Prior CAR-T cell therapy",
    "Treatment ever with gene-modified cells",
    "Age 18 to 75 years",
    "Women only",
    "ECOG performance status of 0 or 1",
    "Karnofsky score of 70 or more",
    "Life expectancy of at least three months",
    "At least one measurable lesion",
    "Pregnant or nursing women",
    "ANC ≥ 1.5 x 10^9/L",
    "Active brain metastases",
    "Autoimmune disease in the past two years",
    "HIV, hepatitis B or hepatitis C infection, or active tuberculosis",
    "Another malignancy within three years",
    "Allogeneic stem cell transplant",
    "Prednisone above 10 mg daily",
    "KRAS G12D mutation",
    "HLA-A*11:01 positive",
)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_wakes_every_reader_that_finds_something_in_it(sentence: str, kind: Kind) -> None:
    words = plain(sentence)
    passage = Passage(0, len(sentence), words, kind, words)
    awake = parse._worth_trying(parse._groups_in(words))

    assert {read for _, read in parse.READERS if list(read(passage))} <= set(awake)


def test_every_reader_finds_something_in_one_of_the_sentences() -> None:
    found = {
        read
        for sentence in SENTENCES
        for kind in Kind
        for _, read in parse.READERS
        if list(read(Passage(0, len(sentence), plain(sentence), kind, plain(sentence))))
    }

    assert {read.__name__ for _, read in parse.READERS} - {read.__name__ for read in found} == set()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("prednisone, two of ten, none", "prednisone, 2 of 10, none"),
        ("(three)/four", "(3)/4"),
        ("age >=18 and <= 70,or >65", "age >= 18 and <= 70,or > 65"),
        ("no more than 5", "<= 5"),
        ("> or = 1,500", ">= 1500"),
    ],
)
def test_numbers_and_comparisons_are_written_one_way(text: str, read: str) -> None:
    assert plain(text) == read
