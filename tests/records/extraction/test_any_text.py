"""Whatever the text: no crash, every quote is the page's, time grows with length and no faster."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import personalize.vocabulary
from personalize.vocabulary import load
from records.extraction import EXTRACTORS, extract_findings, parse_report
from records.extraction.cuts import LONGEST_ROW
from records.extraction.text import DocumentText

PIECES = st.sampled_from(
    [
        "FOLFIRINOX",
        " and ",
        " plus ",
        "gemcitabine",
        ", ",
        "; ",
        ". ",
        "received ",
        "no prior ",
        "if she progresses ",
        "mother ",
        "had ",
        "breast cancer ",
        "ECOG ",
        "1",
        "[x] ",
        "[ ] ",
        "02/12/2024",
        " - ",
        "x 8 cycles ",
        "\n",
        "   ",
        "Allergies: ",
        "PLAN\n",
        "Whipple ",
        "prednisone 10 mg ",
        "PR ",
        "(",
        ")",
        "HBsAg negative ",
        "pT3 ",
        "pN1a ",
        "MX ",
        "NO ",
        "Stage IV ",
        "KRAS G12D ",
        "not detected ",
        "ER+ ",
        "HER2 2+ ",
        "MSI: stable ",
        "loss of MLH1 ",
        "HLA-A*02:01 ",
        "CA 19-9 ",
        "from 37 to 812 U/mL ",
        "Test Result Reference range ",
        "0-35 ",
        "two of twelve lymph nodes ",
        "0/14 ",
        "adenocarcinoma of the pancreas ",
        "metastatic to liver ",
        "62-year-old woman ",
        "| ",
        "é",
        "µ",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_quote_is_the_words_of_the_page(text: str) -> None:
    for finding in extract_findings(DocumentText.of_text(text), EXTRACTORS):
        assert finding.evidence and 0 <= finding.confidence <= 1
        for proof in finding.evidence:
            assert text[proof.start : proof.end] == proof.quote and proof.quote.strip()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_any_characters_are_read_without_a_crash(text: str) -> None:
    assert isinstance(extract_findings(DocumentText.of_text(text), EXTRACTORS), list)


@pytest.mark.parametrize(
    "piece",
    [
        "pT3 N1 ",
        "KRAS, ",
        "KRAS G12D not ",
        "CA 19-9 37 -> ",
        "HLA-A*02:01, ",
        "1 of 2 nodes ",
        "adenocarcinoma of ",
        "T: ",
        "(0/14) ",
        "stage ",
        "FOLFIRINOX and ",
        "received ",
        "no prior ",
        "ECOG ",
        "mother had ",
        "gemcitabine, ",
        "( ) 1 ",
        "12/12/2020 - ",
        ". pN1a ",
    ],
)
def test_repetition_costs_no_more_than_its_length(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        start = time.process_time()
        extract_findings(DocumentText.of_text(text), EXTRACTORS)
        return time.process_time() - start

    seconds(10)
    short, long = (min(seconds(count) for _ in range(2)) for count in (200, 1600))  # the other one may have waited for the machine
    assert long < 0.25 + 24 * short


def _phrases(entry: Any) -> Iterator[str]:
    """Every name and phrase of a word list, however it is kept there."""
    if isinstance(entry, str):
        yield from (phrase.strip() for phrase in entry.split(";") if 0 < len(phrase.strip()) < 60)
    elif isinstance(entry, dict):
        yield from (phrase for each in entry.values() for phrase in _phrases(each))
    elif isinstance(entry, list):
        yield from (phrase for each in entry for phrase in _phrases(each))


WORD_LISTS = sorted(path.stem for path in Path(personalize.vocabulary.__file__).parent.glob("*.toml"))
PHRASES = st.sampled_from(sorted({phrase for name in WORD_LISTS for phrase in _phrases(load(name))}))
GLUE = st.sampled_from([" ", ", ", ". ", "\n", "; ", ": ", " (", ") ", "/", " - ", " | ", "   ", " and ", " of ", "1 ", " 02/2024 "])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(PHRASES, GLUE), min_size=1, max_size=4))
def test_no_repetition_of_any_words_of_the_lists_explodes(parts: list[tuple[str, str]]) -> None:
    """Two orders of magnitude above what such a page takes: only a grammar that tries everything in every way gets there."""
    piece = "".join(word + glue for word, glue in parts)
    text = (piece * (1_500 // len(piece) + 1))[:1_500]
    start = time.process_time()
    extract_findings(DocumentText.of_text(text), EXTRACTORS)
    assert time.process_time() - start < 8


@settings(deadline=None, max_examples=40)
@given(st.lists(PIECES, min_size=1, max_size=12).map("".join), st.integers(1, 40))
def test_no_piece_of_a_page_is_longer_than_a_table_is_wide(text: str, lines: int) -> None:
    """Rules look at each word of a segment beside all others; that is cheap for as long as no segment is a book."""
    report = parse_report(DocumentText.of_text((text * 400)[:20_000] + ("\n" + text) * lines))
    assert max((len(segment.text) for segment in report.segments), default=0) <= LONGEST_ROW


BOILERPLATE = """MOLECULAR PATHOLOGY REPORT
GENES ASSAYED
ABL1, AKT1, ALK, APC, ATM, BRAF, BRCA1, BRCA2, EGFR, ERBB2, KIT, KRAS, MET, NRAS, PALB2, TP53
METHODS AND LIMITATIONS
This assay detects mutations in codons 12 and 13 of the KRAS gene. HER2 amplification is reported at six copies or more.
Tumors with staining intensity scores of 3 are considered positive for HER2.
CLINICAL TRIALS
Patients with KRAS G12D pancreatic cancer, stage III or IV, ECOG 0-1, may be eligible for other studies.
REFERENCES
1. Ashgrove P et al. Olaparib in BRCA-mutated pancreatic cancer, in which KRAS mutations are found in over 90% of tumors.
"""


def test_nothing_but_boilerplate_says_nothing_of_anybody() -> None:
    assert extract_findings(DocumentText.of_text(BOILERPLATE)) == []


def test_rules_start_without_the_readers_of_files_or_any_grammar() -> None:
    """Starting is importing: what opens pictures takes longer than all rules together, and most documents need few of them."""
    asked = (
        "import sys; from datetime import date; from records.assembly.line import text_line; "
        "text_line('', 'KRAS G12D detected.', today=date(2026, 1, 1)); print(sorted({'cv2', 'numpy', 'PIL', 'pdfplumber'} & set(sys.modules)))"
    )
    made = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert made.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "piece",
    [
        "uncertain significance ",
        "Variants of uncertain significance\n",
        "ATM p.V410A\n",
        "Family history: aunt BRCA2. ",
        "wild\n-type ",
        "\n",
        "HER2 2+ (",
        "prednisone and gemcitabine ",
        "gemcitabine   ",
        "FOLFOX AND 2469-3 (FOLFIRI   ",
        "lymphoma / MSS | ",
        "Whipple (NO ",
        "MUC4 - ",
        "CA 19-9 37 ",
        ".",
        "(?",
    ],
)
def test_a_page_as_long_as_a_book_takes_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        start = time.process_time()
        extract_findings(DocumentText.of_text(text), EXTRACTORS)
        return time.process_time() - start

    seconds(1_000)
    short, long = seconds(2_000), seconds(16_000)
    assert long < min(0.4 + 20 * short, 10)
