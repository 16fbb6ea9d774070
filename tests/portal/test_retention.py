"""What is removed after its time, and what never is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from portal.models import DeviceToken, User
from portal.retention import purge
from portal.tokens import make_token
from records.models import AuditEvent, Finding, Work

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_what_ended_long_ago_goes_and_the_rest_stays(alice: Any, bob: Any, read_file: Any, capsys: Any) -> None:
    old, _ = make_token(user=alice, name="old", scopes=["read"], days=7)
    DeviceToken.objects.filter(pk=old.pk).update(until=ago(91))
    make_token(user=alice, name="new", scopes=["read"], days=7)
    last = Work.objects.order_by("finished_at").last()
    assert last
    Work.objects.exclude(pk=last.pk).update(finished_at=ago(31))
    never = User.objects.create_user("never@example.org", date_joined=ago(31))
    EmailAddress.objects.create(user=never, email=never.email, verified=False, primary=True)
    User.objects.create_user("lately@example.org", date_joined=ago(29))
    User.objects.filter(pk__in=[alice.pk, bob.pk]).update(date_joined=ago(400))
    before = (AuditEvent.objects.count(), Finding.objects.count())

    call_command("purge")

    assert "accounts: 1" in capsys.readouterr().out
    assert [one.name for one in DeviceToken.objects.all()] == ["new"]
    assert [one.pk for one in Work.objects.all()] == [last.pk]
    assert set(User.objects.values_list("email", flat=True)) == {"alice@example.org", "bob@example.org", "lately@example.org"}
    assert (AuditEvent.objects.count(), Finding.objects.count()) == before
    assert set(purge().values()) == {0}


def test_work_that_waits_stays_however_old(read_file: Any) -> None:
    Work.objects.update(state="waiting", finished_at=None, created_at=ago(100))
    assert purge()["work"] == 0
