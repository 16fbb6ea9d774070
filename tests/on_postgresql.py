"""Run pytest on a PostgreSQL of its own: python -m tests.on_postgresql [pytest arguments]."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.services import postgresql


def main(arguments: list[str]) -> int:
    with postgresql() as url:
        environment = {
            **os.environ,
            # importing portal names the development settings in this process: the tests must not inherit that
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "CARTGUIDE_TEST_DATABASE_URL": url.replace("/postgres?", "/cartguide?"),
            "CARTGUIDE_TEST_KEYS_DATABASE_URL": url.replace("/postgres?", "/cartguide_keys?"),
        }
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
