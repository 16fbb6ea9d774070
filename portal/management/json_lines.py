"""JSON Lines in and out, gzip by name: what the commands of the contract read and print."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError

Line = dict[str, Any]


def open_text(path: Path) -> TextIO:
    """UTF-8 text; bytes that are none become the replacement sign."""
    how = {"encoding": "utf-8", "errors": "replace", "newline": "\n"}
    return gzip.open(path, "rt", **how) if path.suffix == ".gz" else path.open("rt", **how)


def read_lines(path: Path) -> Iterator[tuple[int, Line | None]]:
    """(line number, object), blank lines left out; None where a line is no JSON object. A JSON list counts as its members.

    Raises CommandError where there is no such file.
    """
    if not path.is_file():
        raise CommandError(f"There is no file {path.name}.")
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            yield number, _object(line)


def _object(line: str) -> Line | None:
    try:
        made = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) else None


def as_line(made: Line) -> str:
    return json.dumps(made, ensure_ascii=False)
