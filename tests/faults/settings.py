"""Settings of the worker, the sweeper and the driver in the fault tests: real databases and a real broker, paper files."""

from __future__ import annotations

import os
from pathlib import Path

from portal.settings.environment import database
from portal.settings.test import *  # noqa: F403
from tests.faults import weather

FOLDER = Path(os.environ["FAULTS_FOLDER"])
DATABASES = {
    name: database(os.environ.get(f"FAULTS_{name.upper()}_URL", f"sqlite:///{FOLDER / name}.sqlite3")) for name in ("default", "keys")
}
MEDIA_ROOT = FOLDER / "files"
CELERY_BROKER_URL = os.environ["FAULTS_BROKER"]
# Long enough for a heartbeat on a machine with much else to do; tests that kill workers let it run out with `drive expire`.
CLAIM_LEASE_SECONDS = int(os.environ.get("FAULTS_LEASE", "30"))
SWEEP_SECONDS = 1
MAX_DOCUMENTS_PER_PATIENT = 100_000
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"user": "100000/min"}}  # noqa: F405
# The ring of keys that processes have which start from now on.
if (FOLDER / "key_ring").exists():
    KEY_RING = (FOLDER / "key_ring").read_text()
weather.switch_on(FOLDER)
