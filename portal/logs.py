"""Logs as lines of JSON that say only what is on a list: when, how bad, who, which event, where an error came from.

A message's arguments are written for our own events alone, whose arguments are ids and codes. Others' messages lose theirs (they may hold a
path, an address, a word of a file), and an exception is named by its kind and its lines of code, never by what it says.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

OURS = ("portal.", "records.")
DEEPEST = 12


class ListedFieldsFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            line["status"] = status
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(record.exc_info[2])[-DEEPEST:]]
        return json.dumps(line)


def _event(record: logging.LogRecord) -> str:
    if not record.name.startswith(OURS):
        return record.msg if isinstance(record.msg, str) and record.args else type(record.msg).__name__ + " left out"
    return record.getMessage()
