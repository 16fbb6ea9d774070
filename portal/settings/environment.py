"""Settings from the environment: NAME or NAME_FILE (a path, as container secrets come). Nothing has a hidden default."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "CARTGUIDE_"
PLACEHOLDERS = ("changeme", "change-me", "insecure", "secret", "default", "example", "password")


def setting(name: str, default: str | None = None) -> str:
    """The value of CARTGUIDE_<name>, or of the file that CARTGUIDE_<name>_FILE names."""
    key = PREFIX + name
    if path := os.environ.get(f"{key}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{key}_FILE names a file that cannot be read.") from error
    if key in os.environ:
        return os.environ[key]
    if default is None:
        raise ImproperlyConfigured(f"Set {key}, or {key}_FILE to the path of a file that holds it. See docs/DEVELOPERS.md.")
    return default


def secret(name: str, *, least: int = 32) -> str:
    """A secret that is there, long enough, and not a placeholder: production does not start without it."""
    value = setting(name)
    if len(value) < least or any(word in value.lower() for word in PLACEHOLDERS):
        raise ImproperlyConfigured(f"{PREFIX}{name} is a placeholder or shorter than {least} characters. Make a new random one.")
    return value


def listed(name: str, default: str | None = None) -> list[str]:
    return [one.strip() for one in setting(name, default).split(",") if one.strip()]


def is_on(name: str, default: str = "0") -> bool:
    return setting(name, default).lower() in ("1", "true", "yes", "on")


def bucket() -> dict[str, str]:
    """What records/bucket.py takes, from CARTGUIDE_BUCKET and its neighbours; nothing where no bucket is named."""
    name = setting("BUCKET", "")
    if not name:
        return {}
    return {
        "bucket_name": name,
        "endpoint_url": setting("BUCKET_URL"),
        "region_name": setting("BUCKET_REGION", "us-east-1"),
        "access_key": setting("BUCKET_KEY_ID"),
        "secret_key": secret("BUCKET_SECRET", least=16),
    }


def database(url: str) -> dict[str, object]:
    """A DATABASES entry from `sqlite:////path/file` or `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": {
                # IMMEDIATE: writers queue at the start instead of failing in the middle. FULL: a power cut loses nothing accepted.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(f"{PREFIX}DATABASE_URL must start with sqlite: or postgresql:")
