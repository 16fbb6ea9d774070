"""Tests: SQLite in memory or, with CARTGUIDE_TEST_DATABASE_URL, PostgreSQL; no broker unless a test starts one."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, TEMPLATES
from portal.settings.environment import database, setting

SECRET_KEY = "only-for-tests-" + "x" * 50
KEY_RING = "test1:" + "ab" * 32
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
_SCRATCH = Path(tempfile.gettempdir()) / "cart-guide-tests"
DATABASES = {
    "default": database(setting("TEST_DATABASE_URL", "sqlite:///:memory:")),
    "keys": database(setting("TEST_KEYS_DATABASE_URL", "sqlite:///:memory:")),
}
DATABASE_ROUTERS = ["records.keys.KeyRouter"]
MEDIA_ROOT = _SCRATCH / "files"  # each test gets its own: see tests/conftest.py
CELERY_BROKER_URL = "memory://"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "CAR-T Guide <no-reply@localhost>"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
STAFF_NEED_SECOND_STEP = False  # the tests of accounts switch it on


class Undefined(str):
    """What an undefined template variable becomes: an error, where the template is ours."""

    def __mod__(self, name: object) -> str:
        frame = sys._getframe(1)
        while frame is not None:
            origin = getattr(getattr(frame.f_locals.get("self"), "origin", None), "name", "")
            if str(origin).startswith(str(BASE_DIR / "templates")):
                raise UndefinedError(f"{name} is not defined in {Path(origin).relative_to(BASE_DIR)}")
            frame = frame.f_back  # type: ignore[assignment]
        return ""


class UndefinedError(Exception):
    """A template uses a variable that its view does not give."""


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined: %s")  # type: ignore[index]
