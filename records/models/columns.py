"""What several tables need: a column that names an account, and columns that are filled together or not at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

# Whoever has decided something stays, so that their decisions keep a name.
ACCOUNT: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.RESTRICT, "related_name": "+"}


def together(*columns: str, name: str) -> models.CheckConstraint:
    """All of them are null, or none is."""
    empty, filled = (Q(**{f"{one}__isnull": is_null for one in columns}) for is_null in (True, False))
    return models.CheckConstraint(condition=empty | filled, name=name)
