"""The commands on files of texts: no database, one line a patient."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from records.management.challenge import failed_checks

ROWS = [
    {"id": 7, "text": "Stage IV pancreatic ductal adenocarcinoma, metastatic to liver. KRAS G12D detected. ECOG 1."},
    {"id": "b", "text": ""},
]


def printed(*arguments: str) -> list[dict[str, object]]:
    out = StringIO()
    call_command("profile", *arguments, stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_of_text_is_one_patient(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    first, second = printed("--text-jsonl", str(rows), "--jsonl", "--today", "2026-01-31")
    assert first["id"] == 7 and second == {"id": "b", "profile": {}, "conflicts": []}
    profile = first["profile"]
    assert isinstance(profile, dict)
    assert profile["primary_cancer"]["code"] == "PAAD" and profile["stage"]["group"] == "IV" and profile["ecog"]["value"] == 1
    assert [(one["name"], one["status"], one["detail"]) for one in profile["biomarkers"]] == [("KRAS", "positive", "p.G12D")]
    assert all(ref["quote"] in ROWS[0]["text"] for ref in profile["biomarkers"][0]["evidence"])


@pytest.mark.parametrize("line", ["not json", "[1]", '{"text": "no id"}'])
def test_a_line_that_is_no_row_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(line + "\n")
    with pytest.raises(CommandError, match="Line 1"):
        printed("--text-jsonl", str(rows), "--jsonl")


def test_a_folder_or_a_file_of_texts_must_be_named() -> None:
    with pytest.raises(CommandError):
        printed("--jsonl")


def test_a_folder_of_one_patient_is_read_and_put_together(tmp_path: Path) -> None:
    note = "MEDICAL ONCOLOGY NOTE\nPatient: WRENFIELD, MARA T DOB: 02/03/1961\nDate of service: 06/17/2025\n" + str(ROWS[0]["text"])
    (tmp_path / "note.txt").write_text(note)
    (tmp_path / "copy.txt").write_text(note)
    (tmp_path / "empty.txt").write_text("")
    (line,) = printed(str(tmp_path), "--jsonl")
    assert line["documents"] == [
        {"file": "copy.txt", "outcome": "read"},
        {"file": "empty.txt", "outcome": "empty"},
        {"file": "note.txt", "outcome": "duplicate"},
    ]


@pytest.mark.parametrize(
    ("text", "checks", "failed"),
    [
        ("KRAS G12D detected.", ["+bm KRAS positive alteration=p.G12D", "-bm NRAS positive"], []),
        ("KRAS: wild type", ["+bm KRAS positive", "+bm KRAS negative"], ["+bm KRAS positive"]),
        ("Olaparib was never given. ECOG 2.", ["-tx olaparib", "+ecog 2", "+ecog 1"], ["+ecog 1"]),
    ],
)
def test_checks_tell_what_does_not_hold(text: str, checks: list[str], failed: list[str]) -> None:
    assert failed_checks(text, checks) == failed


@pytest.mark.django_db
def test_without_decisions_there_is_nothing_to_score() -> None:
    out = StringIO()
    call_command("score", stdout=out)
    assert "Nobody has decided" in out.getvalue()
