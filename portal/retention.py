"""How long things are kept that are no part of a record."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.models import DeviceToken, Role, User
from records import queue
from records.models import Patient

WORK_DAYS = 30
TOKEN_DAYS = 90
UNCONFIRMED_DAYS = 30


def purge() -> dict[str, int]:
    """Remove them; returns how many of each."""
    now = timezone.now()
    long_over = now - dt.timedelta(days=TOKEN_DAYS)
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return {
        "work": queue.forget_ended(before=now - dt.timedelta(days=WORK_DAYS)),
        "tokens": DeviceToken.objects.filter(Q(until__lt=long_over) | Q(revoked_at__lt=long_over)).delete()[0],
        "sessions": ended.delete()[0],
        "accounts": _unconfirmed(now - dt.timedelta(days=UNCONFIRMED_DAYS)),
    }


def _unconfirmed(before: dt.datetime) -> int:
    """People whose address never was confirmed and who have no record: nobody can sign in with them, and the address may be another's."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(role=Role.PATIENT, is_staff=False, is_superuser=False, date_joined__lt=before, last_login=None)
    rows = rows.exclude(Exists(confirmed)).exclude(Exists(Patient.objects.filter(account=OuterRef("pk"))))
    count = rows.count()
    rows.delete()
    return count
