"""What the score command prints: the figures of scorers over all and over each half, and how the machine fared with people."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from records import actions
from records.extraction.text import DocumentText
from records.management import every_text, pace
from records.management.every_text import Told
from records.management.scorers import half_of
from records.models import Patient
from tests.factories import ask_for_review, make_read_document
from tests.records.paper import Reader, paper

SCORER = """import sys
gold, lines = ([one for one in open(path)] for path in (sys.argv[2], sys.argv[4]))
print("a table")
print("score tnm t_exact=%s n_exact=- invention_rate=0.5" % len(gold))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "score_tnm.py").write_text(SCORER)
    (tmp_path / "eval").mkdir()
    rows = [{"id": str(number), "text": "Pancreas, adenocarcinoma. pT2 pN1."} for number in range(12)]
    (tmp_path / "eval" / "tcga_tnm_handread.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    checks = {"id": "c", "text": "KRAS G12D detected. Age: 61 years.", "checks": ["+bm KRAS positive", "+bm NRAS positive"]}
    (tmp_path / "eval" / "challenge.jsonl").write_text(json.dumps(checks))
    return tmp_path


def printed(*arguments: str) -> dict[str, list[str]]:
    """Figure → the words of its row."""
    out = StringIO()
    call_command("score", *arguments, stdout=out)
    return {line.split()[1]: line.split() for line in out.getvalue().splitlines()}


def test_each_figure_comes_over_all_and_over_each_half_with_what_it_should_reach(folder: Path) -> None:
    rows = printed(str(folder))
    halves = [half_of(str(number)) for number in range(12)]
    assert rows["t_exact"] == ["tnm", "t_exact", "12", ">=", "0.97", str(halves.count(0)), str(halves.count(1))]
    assert 0 < halves.count(0) < 12
    assert rows["n_exact"][2] == "-" and rows["n_exact"][-2:] == ["not", "reached"]
    assert rows["invention_rate"][3:5] == ["<=", "0.01"] and rows["invention_rate"][-2:] == ["not", "reached"]
    assert rows["right"][2] == "1" and "0.5" in rows["right"]
    assert [rows[key][2] for key in ("texts", "quotes_wrong", "ages_invented", "de_identified")] == ["13", "0", "0", "12"]


def test_every_quote_and_every_age_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Patient is a 61 year old woman. KRAS G12D detected."
    told = Told()
    told.add(DocumentText.of_text(text), is_de_identified=True)
    assert (told.texts, told.quotes_wrong, told.ages_invented) == (1, 0, 1) and told.quotes >= 3
    real = every_text.extract_findings

    def moved(document: DocumentText) -> object:
        return real(DocumentText.of_text(" " + document.pages[0].text))

    monkeypatch.setattr(every_text, "extract_findings", moved)
    told.add(DocumentText.of_text(text))
    assert told.quotes_wrong >= 3


def test_speed_start_weight_and_growth_are_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_STARTS", 1)
    monkeypatch.setattr(pace, "_in_its_own_python", lambda path: pace.Pace(0.2, 70.0, 80.0, 1.1))
    assert pace.pace_of(folder / "none.jsonl") == pace.Pace(0.2, 70.0, 80.0, 1.1)
    monkeypatch.undo()
    monkeypatch.setattr(pace, "_SIZES", (2_000, 8_000))
    made = pace._measured(folder / "eval" / "tcga_tnm_handread.jsonl")
    assert made.start_seconds > 0 and made.documents_a_second > 0 and made.memory_mb > 10 and made.growth > 0


def test_a_folder_without_scorers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tools"):
        printed(str(tmp_path))


@pytest.mark.django_db
def test_people_are_counted_by_field_and_rules_with_the_decision_that_stands(patient: Patient, reader: Reader, carol: Any) -> None:
    document = make_read_document(patient, paper("KRAS=positive MSI=negative"))
    actions.claim_review(by=carol, request=ask_for_review(patient))
    kras, msi = document.findings.all()
    actions.review_finding(by=carol, finding=kras, decision="rejected")
    actions.review_finding(by=carol, finding=kras, decision="confirmed")
    actions.review_finding(by=carol, finding=msi, decision="rejected")
    actions.review_finding(by=carol, finding=msi, decision="disputed")
    actions.take_back(by=carol, finding=msi)
    actions.review_finding(by=patient.account, finding=kras, decision="disputed")
    assert _rows() == [["biomarker", kras.extractor, "1", "0", "1", "0", "0.50"], ["all", "1", "0", "1", "0", "0.50"]]
    assert _rows("--by", "patient")[-1] == ["all", "0", "0", "0", "1", "-"]
    assert _rows("--by", "all")[-1] == ["all", "1", "0", "1", "1", "0.50"]


def _rows(*arguments: str) -> list[list[str]]:
    out = StringIO()
    call_command("score", *arguments, stdout=out)
    return [line.split() for line in out.getvalue().splitlines()[1:]]
