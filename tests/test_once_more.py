"""A failed test gets one more run alone; a test that fails twice, and many that fail, stay failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIRST_TIME = "from pathlib import Path\ndef test_it():\n    seen = Path('seen')\n    if not seen.exists():\n        seen.touch()\n        assert False\n"
ALWAYS = "def test_it():\n    assert False\n"
MANY = "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_it(n):\n    assert False\n"


@pytest.mark.parametrize(("source", "code", "runs"), [(FIRST_TIME, 0, 2), (ALWAYS, 1, 2), (MANY, 1, 1), ("def test_it():\n    pass\n", 0, 1)])
def test_a_failure_is_run_once_more(tmp_path: Path, source: str, code: int, runs: int) -> None:
    (tmp_path / "test_one.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:django"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.once_more", "pytest", "-q"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert ("Once more, alone" in done.stdout) == (runs == 2)
