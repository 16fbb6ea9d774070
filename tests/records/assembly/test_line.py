from __future__ import annotations

from datetime import date

from records.assembly import assemble_line
from records.assembly.line import FileRead, text_line
from records.extraction.text import DocumentText

TODAY = date(2025, 12, 1)
NOTE = """MEDICAL ONCOLOGY NOTE
Patient: WRENFIELD, MARA T   DOB: 02/03/1961
Date of service: 06/17/2025

DIAGNOSIS
Stage IV (cT2 N1 M1) pancreatic ductal adenocarcinoma, metastatic to the liver.

TREATMENT HISTORY
FOLFIRINOX 01/06/2025 - 05/12/2025, 8 cycles, best response PR, stopped for progression.

EXAM
ECOG performance status: 1.

PLAN
Start gemcitabine plus nab-paclitaxel on 06/24/2025.
"""
OTHERS = (
    NOTE.replace("WRENFIELD, MARA T", "PELLWORTH, OTTO")
    .replace("02/03/1961", "09/09/1949")
    .replace("ECOG performance status: 1", "ECOG performance status: 3")
)


def files(*texts: tuple[str, str]) -> list[FileRead]:
    return [FileRead(name, DocumentText.of_text(text, name), sha256=str(hash(text))) for name, text in texts]


def test_the_line_has_the_outcomes_the_profile_and_quotes_that_stand_in_the_file() -> None:
    line = assemble_line("P01", files(("note.txt", NOTE)), today=TODAY)
    assert line["folder"] == "P01" and line["documents"] == [{"file": "note.txt", "outcome": "read"}]
    profile = line["profile"]
    assert profile["primary_cancer"]["code"] == "PAAD" and profile["stage"]["group"] == "IV" and profile["ecog"]["value"] == 1
    assert [(one["name"], one["status"], one["line"]) for one in profile["treatments"]] == [
        ("FOLFIRINOX", "given", 1),
        ("Gemcitabine + nab-paclitaxel", "planned", 2),
    ]
    assert all(ref["quote"] in NOTE and ref["file"] == "note.txt" for one in profile["treatments"] for ref in one["evidence"])


def test_facts_of_another_person_never_enter() -> None:
    line = assemble_line("P01", files(("a.txt", NOTE), ("b.txt", NOTE + "\nSecond copy."), ("c.txt", OTHERS)), today=TODAY)
    assert {one["file"]: one["outcome"] for one in line["documents"]}["c.txt"] == "other_person"
    assert line["profile"]["ecog"]["value"] == 1 and "c.txt" not in str(line["profile"])


def test_a_file_that_could_not_be_read_is_listed_with_its_reason() -> None:
    line = assemble_line("P01", [*files(("a.txt", NOTE)), FileRead("b.pdf", None, error="locked")], today=TODAY)
    assert line["documents"][1] == {"file": "b.pdf", "outcome": "locked"}


def test_one_page_of_text_is_one_patient() -> None:
    line = text_line("row-1", "Metastatic pancreatic adenocarcinoma. She received FOLFIRINOX.", today=TODAY)
    assert line["id"] == "row-1" and line["profile"]["treatments"][0]["name"] == "FOLFIRINOX"
