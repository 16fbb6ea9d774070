"""How fast the rules are and what they weigh, measured where nothing else runs: a Python of its own.

`python -m records.management.pace FILE` prints one line of JSON. FILE: JSON Lines of {"id", "text"}. Times are those of one core.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

_WARM, _MEASURED, _STARTS = 10, 100, 3
_SIZES = (200_000, 2_000_000)


@dataclass(frozen=True, slots=True)
class Pace:
    """start_seconds: from asking for the rules to the first answer. memory_mb: the most that was held, Python itself included.
    growth: how much more a character of a document of 2 MB costs than one of 200 kB; 1 is linear."""

    start_seconds: float
    documents_a_second: float
    memory_mb: float
    growth: float


def pace_of(path: Path) -> Pace:
    """The best of a few starts: a machine that is busy with something else only ever adds to one."""
    made = [_in_its_own_python(path) for _ in range(_STARTS)]
    return Pace(
        min(one.start_seconds for one in made),
        max(one.documents_a_second for one in made),
        max(one.memory_mb for one in made),
        min(one.growth for one in made),
    )


def _in_its_own_python(path: Path) -> Pace:
    ran = subprocess.run([sys.executable, "-m", __name__, str(path)], capture_output=True, text=True, check=True)
    return Pace(**json.loads(ran.stdout))


def _most_held() -> float:
    """MB. The kernel's own count, which starts with this program; what resource tells includes the parent's before it split."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


def _measured(path: Path) -> Pace:
    with path.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, _WARM + _MEASURED)]
    start = time.process_time()
    from datetime import date  # a part of starting

    from records.assembly.line import text_line

    today = date(2026, 1, 1)
    text_line("", "KRAS G12D detected.", today=today)
    started = time.process_time()
    for text in texts[:_WARM]:
        text_line("", text, today=today)
    warm = time.process_time()
    for text in texts[_WARM:]:
        text_line("", text, today=today)
    taken = max(time.process_time() - warm, 1e-9)
    memory = _most_held()
    return Pace(started - start, max(len(texts) - _WARM, 0) / taken, memory, _growth(texts))


def _growth(texts: list[str]) -> float:
    from records.extraction import DocumentText, extract_findings

    whole = "\n".join(texts)

    def seconds(size: int) -> float:
        document = DocumentText.of_text((whole * (size // len(whole) + 1))[:size])
        start = time.process_time()
        extract_findings(document)
        return max(time.process_time() - start, 1e-9)

    short, long = (seconds(size) / size for size in _SIZES)
    return long / short


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measured(Path(sys.argv[1])))))
