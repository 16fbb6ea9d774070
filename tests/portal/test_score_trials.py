"""The table of trial figures, over a drawn folder whose scorers say what we tell them to."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.management import trial_figures
from portal.models import RegistryRecord
from tests.portal.registry_server import study

SCORER = 'print("a table")\nprint("score x precision=0.9 recall=0.8 value_match=1 accuracy=0.7 false_rule_outs=0 min_age_precision=1 ndcg10=0.4")\n'
PROFILE = {"id": "P1", "profile": {"sex": "female", "age": 60}}
TOOLS = {
    "trialgold_inputs.py": f"import sys\nprint({json.dumps(json.dumps(PROFILE))} if sys.argv[1] == 'profiles' else '')\n",
    "trecpm_profiles.py": f"print({json.dumps(json.dumps(PROFILE))})\n",
    **dict.fromkeys(("score_match.py", "score_eligibility.py", "score_criteria.py"), SCORER),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("trialgold", "trials", "tools"):
        (tmp_path / name).mkdir()
    for name, text in TOOLS.items():
        (tmp_path / "tools" / name).write_text(text)
    records = "\n".join(json.dumps(one) for one in (study("NCT00000051"), study("NCT00000052"), {"nct": "NCT00000053"}))
    for name in ("studies_v2", "trials_bulk", "trecpm_docs"):
        (tmp_path / "trials" / f"{name}.jsonl.gz").write_bytes(gzip.compress(records.encode()))
    (tmp_path / "trials" / "criterion_verdicts.json").write_text("[]")
    (tmp_path / "trialgold" / "trials.jsonl").write_text("\n".join(json.dumps({"nct": f"NCT0000006{n}"}) for n in range(8)))
    return tmp_path


@pytest.mark.django_db
def test_one_command_prints_each_figure_and_keeps_no_record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_figures, "REGISTRY", 30)
    said = StringIO()
    call_command("score_trials", folder, stdout=said, stderr=StringIO())
    lines = {line[:78].strip(): line[78:].split() for line in said.getvalue().splitlines()}
    assert lines["match: accuracy"] == ["0.7", ".92"]
    assert {name.split(",")[0] for name in lines if name.startswith("eligibility")} == {
        f"eligibility ({part}" for part in ("all", *trial_figures.HALVES)
    }
    lost = [value[0] for name, value in lines.items() if "changed on the way" in name]
    assert lost == ["0", "0"]
    assert any(value == ["1,", "0"] for name, value in lines.items() if name.endswith("partial, malformed"))
    assert not RegistryRecord.objects.exists()


def test_a_folder_without_its_parts_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no folder trialgold"):
        call_command("score_trials", tmp_path)


def test_halves_depend_on_the_number_alone() -> None:
    halves: list[Any] = [trial_figures.half_of(f"NCT{number:08}") for number in range(200)]
    assert 70 < sum(halves) < 130 and halves == [trial_figures.half_of(f"NCT{number:08}") for number in range(200)]
