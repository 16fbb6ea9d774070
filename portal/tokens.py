"""Making, finding and revoking tokens of devices."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.models import DeviceToken
from records import audit

PREFIX = "cg_"
MOST_DAYS = 365
MOST_TOKENS = 20
_USED_EVERY = dt.timedelta(minutes=5)


class TooManyTokens(Exception):
    """This account has MOST_TOKENS that still work."""


def tokens_of(user: Any) -> Any:
    """Those that were not revoked, newest first."""
    return DeviceToken.objects.filter(user=user, revoked_at__isnull=True)


def make_token(*, user: Any, name: str, scopes: list[str], days: int) -> tuple[DeviceToken, str]:
    """The row and the token itself, which can never be shown again. Raises TooManyTokens."""
    with transaction.atomic():
        if tokens_of(user).filter(until__gt=timezone.now()).count() >= MOST_TOKENS:
            raise TooManyTokens
        secret = PREFIX + secrets.token_urlsafe(32)
        until = timezone.now() + dt.timedelta(days=days)
        token = DeviceToken.objects.create(user=user, name=name, digest=_digest(secret), scopes=sorted(scopes), until=until)
        audit.record(by=user, action="token.made", target=token)
    return token, secret


def revoke_token(*, user: Any, token: uuid.UUID) -> bool:
    """From the next request on. False where this person has no such token."""
    with transaction.atomic():
        row = tokens_of(user).filter(pk=token).first()
        if row is None:
            return False
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        audit.record(by=user, action="token.revoked", target=row)
    return True


def find_token(secret: str) -> DeviceToken | None:
    """The token, if it works now and its owner's account does."""
    found = DeviceToken.objects.filter(digest=_digest(secret), revoked_at__isnull=True, until__gt=timezone.now(), user__is_active=True)
    token = found.select_related("user").first()
    if token is not None and (token.used_at is None or timezone.now() - token.used_at > _USED_EVERY):
        token.used_at = timezone.now()
        token.save(update_fields=["used_at"])
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
