"""How long a session lasts, where one is signed in, and what asks again who one is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from records.models import Patient
from tests.factories import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"
MINUTE, HOUR = 60.0, 3600.0


def _signed_in(email: str) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


def _later(client: Client, seconds: float, *, of: str) -> None:
    """As if this were so many seconds ago."""
    session = client.session
    session[of] -= seconds
    session.save()


@pytest.fixture
def hers(alice: Any) -> Client:
    make_patient(alice)
    client = _signed_in("alice@example.org")
    assert client.get("/records/").status_code == 200
    return client


@pytest.mark.parametrize(("of", "short", "long"), [("used", 29 * MINUTE, 2 * MINUTE), ("began", 11.9 * HOUR, 0.2 * HOUR)])
def test_a_session_ends_unused_and_at_the_latest(hers: Client, of: str, short: float, long: float) -> None:
    _later(hers, short, of=of)
    assert hers.get("/api/v1/documents/").status_code == 200
    _later(hers, short + long if of == "used" else long, of=of)
    ended = hers.get("/records/", follow=True)
    assert ended.redirect_chain == [("/accounts/login/?next=/records/", 302)]
    assert "You were signed out to keep your records safe." in ended.content.decode()
    assert hers.get("/api/v1/documents/").status_code == 403


def test_use_keeps_a_session_and_a_page_left_open_does_not(hers: Client) -> None:
    for _ in range(3):
        _later(hers, 20 * MINUTE, of="used")
        assert hers.get("/records/").status_code == 200
    for _ in range(2):
        _later(hers, 14 * MINUTE, of="used")
        assert hers.get("/records/progress/").status_code in (200, 286)
    _later(hers, 3 * MINUTE, of="used")
    assert hers.get("/records/progress/").status_code == 302


def test_staff_are_signed_out_sooner(carol: Any) -> None:
    client = _signed_in("carol@example.org")
    client.get("/review/")
    _later(client, 16 * MINUTE, of="used")
    assert client.get("/review/").headers["Location"] == "/accounts/login/?next=/review/"


def test_the_list_of_sessions_signs_out_the_others(hers: Client) -> None:
    other = _signed_in("alice@example.org")
    other.get("/records/")
    assert hers.get("/accounts/sessions/").content.decode().count('class="card"') == 2
    hers.post("/accounts/sessions/")
    assert other.get("/records/").status_code == 302
    assert hers.get("/records/").status_code == 200


def test_a_new_password_ends_the_other_sessions(hers: Client) -> None:
    other = _signed_in("alice@example.org")
    new = "another long one 2 keep"
    hers.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert other.get("/records/").status_code == 302


GUARDED = (
    "/privacy/mine/copy/", "/privacy/mine/delete/", "/privacy/mine/sharing/", "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/", "/accounts/email/",
)  # fmt: skip
FORM = {"sure": "yes", "do": "link", "days": "7", "email": "new@example.org", "action_add": "", "code": "000000"}


@pytest.mark.parametrize("path", GUARDED)
def test_what_could_hurt_asks_again_who_it_is(hers: Client, alice: Any, path: str) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "x"})
    first = hers.post(path, FORM)
    assert first.status_code == 405 or "reauthenticate" in first.headers["Location"], "signing in alone is not enough"
    hers.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "reauthenticate" not in hers.get(path).headers.get("Location", "")
    session = hers.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 6 * MINUTE
    session.save()
    looks = () if path == "/accounts/email/" else (hers.get(path),)  # looking at one's addresses is free
    for answer in (*looks, hers.post(path, FORM)):
        assert answer.status_code in (302, 405) and "reauthenticate" in answer.headers.get("Location", "reauthenticate"), path
    assert Patient.objects.filter(account=alice).exists() and not EmailAddress.objects.filter(email="new@example.org").exists()
    assert Authenticator.objects.count() == 1 and not mail.outbox


def test_a_second_address_tells_nothing_of_who_has_it(hers: Client, bob: Any) -> None:
    hers.post("/accounts/reauthenticate/", {"password": PASSWORD})
    told = []
    for email in ("bob@example.org", "free@example.org"):
        answer = hers.post("/accounts/email/", {"action_add": "", "email": email}, follow=True)
        told.append(
            (answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "x"))
        )
        EmailAddress.objects.filter(user__email="alice@example.org", primary=False).delete()
    assert told[0] == told[1]
