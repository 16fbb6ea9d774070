"""The Celery application with slow readers of paper files: each page takes a moment, each reading leaves a line in a log,
and a page that says HUNGRY kills its reader."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from portal.celery import app  # noqa: E402
from records.actions import readers  # noqa: E402
from tests.records.paper import Reader, replacements  # noqa: E402

PAGE_SECONDS = float(os.environ.get("FAULTS_PAGE_SECONDS", "0.3"))
LOG = Path(os.environ["FAULTS_FOLDER"]) / "readings.log"


class SlowReader(Reader):
    def read_page(self, stream: Any, number: int, seconds: float) -> readers.ReadPage:
        with LOG.open("a") as log:
            log.write(f"{stream.name} {number}\n")
        time.sleep(PAGE_SECONDS)
        if b"HUNGRY" in stream.read().split(b"\f")[number]:
            os.kill(os.getpid(), signal.SIGKILL)  # what the machine does to a process that takes all the memory
        stream.seek(0)
        return super().read_page(stream, number, seconds)


for (module, attribute), value in replacements(SlowReader()).items():
    setattr(module, attribute, value)
__all__ = ["app"]
