"""Forms with boxes: what nobody ticked is not read."""

from __future__ import annotations

import pytest

from records.extraction import extract_findings
from records.extraction.boxes import without_unticked
from records.extraction.finding import Finding, Kind
from records.extraction.text import DocumentText


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ("[ ] MSI-High  [x] MSS", "[x] MSS"),
        ("MSI   [ ] MSI-High  [x] MSS  [ ] Not performed", "MSI [x] MSS"),
        ("Sex: M [x]  F [ ]", "Sex: M [x]"),
        ("Metastasis: ☐ Yes ☒ No", "Metastasis: ☒ No"),
        ("[X] Yes [ ] No     Central lab: 3+", "[X] Yes Central lab: 3+"),
        ("ER [ ] pos [ ] neg", "ER"),
        ("___ pT1\n_X_ pT2", "_X_ pT2"),
        ("[ ] Invades through muscle into\n      soft tissue (pT3)\n[x] pT4", "[x] pT4"),
        # no boxes, or none that stand before an option
        ("Name: ______ Date: 03/04/2025", "Name: ______ Date: 03/04/2025"),
        ("[ ] f/u KRAS", "[ ] f/u KRAS"),
        ('{"performer": []}', '{"performer": []}'),
    ],
)
def test_only_ticked_options_are_left(form: str, left: str) -> None:
    made = without_unticked(form)
    assert len(made) == len(form)
    assert " ".join(made.split()) == " ".join(left.split())


FORM = """COLON: Resection
Procedure
[x] Left hemicolectomy
[ ] Abdominoperineal resection
Tumor extent
[ ] Invades muscularis propria (pT2)
[x] Invades pericolorectal tissue (pT3)
[ ] Invades visceral peritoneum (pT4a)
Histologic grade
[ ] G1
[x] G2
Distant metastasis
[x] Not applicable
[ ] pM1a
Microsatellites by PCR   [ ] MSI-High  [x] MSS  [ ] Not performed
BRAF V600E   [ ] Detected  [ ] Not detected  [x] Not performed
"""


def found_in(text: str) -> list[Finding]:
    made = extract_findings(DocumentText.of_text(text))
    for finding in made:
        for proof in finding.evidence:
            assert text[proof.start : proof.end] == proof.quote
    return made


def test_a_synoptic_form_says_what_is_ticked() -> None:
    made = found_in(FORM)
    markers = {one.value["name"]: one.value["status"] for one in made if one.kind is Kind.BIOMARKER}
    assert markers == {"MSI": "negative", "BRAF": "not_tested"}
    assert [one.value["t"] for one in made if one.kind is Kind.TNM and "t" in one.value] == ["T3"]
    assert {one.value["grade"] for one in made if one.kind is Kind.GRADE} == {"G2"}
    assert "metastatic" not in {one.value["extent"] for one in made if one.kind is Kind.EXTENT}
    assert {one.value["name"] for one in made if one.kind is Kind.TREATMENT} == {"colectomy"}


def test_an_empty_template_finds_nothing() -> None:
    text = "Receptors:  ER [ ] pos [ ] neg   PR [ ] pos [ ] neg\nStage: [ ] I [ ] II [ ] III [ ] IV\nKRAS: [ ] mutated [ ] wild type\n"
    assert found_in(text) == []
