"""The table of processes that read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.management.commands import bench_workers
from portal.management.commands.bench_workers import Pace, table


def test_the_best_of_each_count_beside_the_first() -> None:
    made = [Pace(1, 30, 60.0), Pace(2, 30, 40.0), Pace(1, 30, 50.0), Pace(2, 30, 25.0)]
    assert table(made).splitlines()[-2:] == ["| 1 | 36 | 1.00 |", "| 2 | 72 | 2.00 |"]


def test_the_table_goes_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "scale.md"
    page.write_text(f"before\n{bench_workers.BEGIN}\nold\n{bench_workers.END}\nafter\n")
    monkeypatch.setattr(bench_workers, "DOCUMENT", page)
    monkeypatch.setattr(bench_workers, "_on_its_own", lambda folder, people, processes: Pace(processes, people, 60.0 / processes))
    call_command("bench_workers", "--write", "--rounds", "1", processes=[1, 2])
    text = page.read_text()
    assert text.startswith(f"before\n{bench_workers.BEGIN}\n")
    assert text.endswith(f"| 2 | 16 | 2.00 |\n{bench_workers.END}\nafter\n")
    assert "old" not in text


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("bench_workers", str(tmp_path))
