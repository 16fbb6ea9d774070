"""One criterion against one note: decided where the note and the whole criterion settle it, unknown otherwise. The notes are ours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from personalize.eligibility import Kind
from portal.management.note_verdicts import Note, verdict_of

TODAY = dt.date(2026, 3, 1)
MAN = "0. A 47-year-old man comes with pain in the left knee after a fall from a kayak.\n1. He has a history of gout and denies chest pain."
WOMAN = "0. A 71-year-old woman comes with a sore wrist.\n1. She will give written informed consent and will comply with all visits."


def outcome(note: str, kind: str, text: str) -> str:
    return verdict_of(Note(note, TODAY), Kind(kind), text).outcome.value


@pytest.mark.parametrize(
    ("note", "kind", "text", "expected"),
    [
        (MAN, "inclusion", "Adults aged 18 years or older", "met"),
        (MAN, "inclusion", "Age between 50 and 70 years", "not_met"),
        (MAN, "inclusion", "Female patients", "not_met"),
        (MAN, "inclusion", "Men and women", "met"),
        (MAN, "exclusion", "Less than 18 years of age", "met"),
        (MAN, "exclusion", "Age under 50 years", "not_met"),
        (MAN, "exclusion", "Pregnant or breastfeeding women", "met"),
        (WOMAN, "exclusion", "Current pregnancy", "met"),
        (WOMAN, "inclusion", "Signed informed consent", "met"),
        (WOMAN, "exclusion", "Refusal to give informed consent", "met"),
        (WOMAN, "inclusion", "Able and willing to comply with scheduled visits", "met"),
        (WOMAN, "exclusion", "Unlikely to comply with the protocol", "met"),
        (MAN, "inclusion", "History of gout", "met"),
        (MAN, "exclusion", "Chest pain", "met"),
        (MAN, "exclusion", "Known hypersensitivity to seaweed", "met"),
    ],
)
def test_what_the_note_settles(note: str, kind: str, text: str, expected: str) -> None:
    assert outcome(note, kind, text) == expected


@pytest.mark.parametrize(
    ("note", "kind", "text"),
    [
        (MAN, "inclusion", "Adults aged 18 years or older with a broken ankle"),
        (MAN, "inclusion", "Age 50 years or older, or a history of gout"),
        (MAN, "exclusion", "Age under 18 years or a bleeding disorder"),
        (MAN, "exclusion", "Age over 40 years with kidney failure"),
        (MAN, "exclusion", "Diabetes"),
        (MAN, "inclusion", "Signed informed consent"),
        (MAN, "exclusion", "Known gout of the left foot"),
        (MAN, "exclusion", "History of gout"),
        (MAN, "inclusion", "Chest pain"),
        (MAN, "inclusion", "Enjoys the sea"),
        (WOMAN.replace("will give", "will not give"), "inclusion", "Signed informed consent"),
        ("0. A 30-year-old woman comes with a cough.", "exclusion", "Pregnancy"),
        ("0. Comes with a cough.", "inclusion", "Age 18 years or older"),
        ("", "inclusion", "Age 18 years or older"),
    ],
)
def test_silence_a_part_and_another_way_in_settle_nothing(note: str, kind: str, text: str) -> None:
    assert outcome(note, kind, text) == "unknown"


def test_a_relative_s_illness_is_not_the_patient_s() -> None:
    assert outcome("0. A 47-year-old man. 1. His mother had a history of gout.", "inclusion", "History of gout") == "unknown"


def run(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    call_command("verdicts", file=path, jsonl=True)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_prints_one_line_a_row_and_reads_no_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"annotation_id": 7, "note": MAN, "criterion_type": "inclusion", "criterion_text": "Age 18 years or older"}
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([row, row | {"annotation_id": 8, "expert_eligibility": "not included"}, {"annotation_id": 9}, "no row"]))
    first, second, third, fourth = run(path, capsys)
    assert first == {"annotation_id": 7, "outcome": "met", "reason": "Age 47."}
    assert second == first | {"annotation_id": 8}
    assert (third["annotation_id"], third["outcome"], third["error"]["code"]) == (9, "unknown", "malformed")
    assert fourth["outcome"] == "unknown"


@pytest.mark.parametrize("content", ["", "{}", '"text"', "[" * 5000])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rows.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"rows\.json is not a JSON list"):
        call_command("verdicts", file=path, jsonl=True)
    with pytest.raises(CommandError, match=r"There is no file none\.json"):
        call_command("verdicts", file=tmp_path / "none.json", jsonl=True)
