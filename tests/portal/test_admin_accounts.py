"""Second steps and sessions in the admin: looked at and taken away, never made, and what they are made of is not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

pytestmark = pytest.mark.django_db
STEPS, SESSIONS = "/admin/mfa/authenticator/", "/admin/usersessions/usersession/"


@pytest.fixture
def session(alice: Any, sign_in: Callable[[Any], Client]) -> tuple[Client, UserSession]:
    """Alice's browser, and the row of its session."""
    client = sign_in(alice)
    assert client.get("/account/").status_code == 200
    key = client.session.session_key
    return client, UserSession.objects.create(user=alice, session_key=key, ip="192.0.2.1", user_agent="A browser")


def test_a_session_is_found_by_its_persons_address(as_admin: Client, session: tuple[Client, UserSession]) -> None:
    found = as_admin.get(SESSIONS, {"q": session[1].user.email})
    assert found.status_code == 200
    assert str(session[1].pk) in found.content.decode()


@pytest.mark.asvs("7.4.5")
def test_a_session_that_is_removed_is_over(as_admin: Client, session: tuple[Client, UserSession]) -> None:
    client, row = session
    assert as_admin.post(f"{SESSIONS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert client.get("/account/").status_code == 302
    assert not UserSession.objects.filter(pk=row.pk).exists()


def test_many_sessions_that_are_removed_at_once_are_over(as_admin: Client, session: tuple[Client, UserSession]) -> None:
    client, row = session
    removed = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes", "index": "0"}
    assert as_admin.post(SESSIONS, removed).status_code == 302
    assert client.get("/account/").status_code == 302


def test_what_a_second_step_is_made_of_is_not_shown_and_none_is_made_for_others(alice: Any, as_admin: Client) -> None:
    step = Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "canary-secret"})
    page = as_admin.get(f"{STEPS}{step.pk}/change/")
    assert page.status_code == 200
    assert b"canary-secret" not in page.content
    assert as_admin.get(f"{STEPS}add/").status_code == 403
    assert as_admin.post(f"{STEPS}{step.pk}/change/", {"user": alice.pk, "type": "totp", "data": "{}"}).status_code == 403
    assert as_admin.get(f"{SESSIONS}add/").status_code == 403
    assert as_admin.post(f"{STEPS}{step.pk}/delete/", {"post": "yes"}).status_code == 302, "who lost theirs sets up another"
    assert not Authenticator.objects.exists()
