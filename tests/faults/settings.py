"""Settings of the worker, the sweeper and the driver in the fault tests: real databases and a real broker, short leases, paper files."""

from __future__ import annotations

import os
from pathlib import Path

from portal.settings.environment import database
from portal.settings.test import *  # noqa: F403

FOLDER = Path(os.environ["FAULTS_FOLDER"])
DATABASES = {
    name: database(os.environ.get(f"FAULTS_{name.upper()}_URL", f"sqlite:///{FOLDER / name}.sqlite3")) for name in ("default", "keys")
}
MEDIA_ROOT = FOLDER / "files"
CELERY_BROKER_URL = os.environ["FAULTS_BROKER"]
CLAIM_LEASE_SECONDS = 5
SWEEP_SECONDS = 1
