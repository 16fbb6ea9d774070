"""Run pytest, and what failed in it once more, alone: python -m tests.once_more MODULE [pytest arguments].

The browser and the fault tests meet the machine's clock: one of a few thousand may fail because three processes share two cores.
Such a test gets a second run by itself, and its name is printed. One that fails twice is a failure; many that fail are no accident.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
AT_MOST = 5
_TESTS_FAILED = 1


def main(module: str, arguments: list[str]) -> int:
    FAILED.unlink(missing_ok=True)
    code = subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode
    failed = json.loads(FAILED.read_text()) if FAILED.exists() else {}
    if code != _TESTS_FAILED or not 0 < len(failed) <= AT_MOST:
        return code
    print(f"\nOnce more, alone ({len(failed)}):", *failed, sep="\n  ", flush=True)
    return subprocess.run([sys.executable, "-m", module, "-q", *failed], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
