"""System checks for settings that fail silently."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def login_limits_are_counted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A dummy or per-process cache switches the login limits off without a word."""
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.endswith(".DatabaseCache"):
        return []
    return [Error("Login limits need the database cache.", hint="Set CACHES['default'] to DatabaseCache.", id="portal.E001")]
