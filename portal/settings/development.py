"""Settings of `make run`: everything below .run/, secrets made by the first start, mail to files. Real people's records belong in production."""

from __future__ import annotations

import os
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR
from portal.settings.environment import database, is_on, listed, setting

RUN_DIR = Path(setting("RUN_DIR", str(BASE_DIR / ".run")))
RUN_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _kept(name: str) -> str:
    """A random secret, made once and kept readable by its owner only."""
    path = RUN_DIR / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def _socket_path() -> Path:
    """Inside RUN_DIR; where that makes the path longer than a unix socket may be (107 bytes), a private folder in /tmp."""
    path = RUN_DIR / "broker.sock"
    if len(os.fsencode(path)) <= 100:
        return path
    return Path(tempfile.gettempdir()) / f"cart-guide-{os.getuid()}-{sha256(os.fsencode(path)).hexdigest()[:16]}" / "broker.sock"


DEBUG = is_on("DEBUG")
SECRET_KEY = setting("SECRET_KEY", "") or _kept("secret_key")
KEY_RING = setting("KEY_RING", "") or f"dev1:{_kept('key_ring')}"
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
DATABASES = {
    "default": database(setting("DATABASE_URL", f"sqlite:///{RUN_DIR / 'db.sqlite3'}")),
    "keys": database(setting("KEYS_DATABASE_URL", f"sqlite:///{RUN_DIR / 'keys.sqlite3'}")),
}
DATABASE_ROUTERS = ["records.keys.KeyRouter"]
MEDIA_ROOT = Path(setting("MEDIA_ROOT", str(RUN_DIR / "files")))
CELERY_BROKER_URL = setting("BROKER_URL", f"redis+socket://{_socket_path()}")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = RUN_DIR / "mail"
DEFAULT_FROM_EMAIL = "CAR-T Guide <no-reply@localhost>"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
# The demo people sign in without an e-mail round trip; new accounts still get a link, in .run/mail.
STAFF_NEED_SECOND_STEP = is_on("STAFF_SECOND_STEP")
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = RUN_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
