"""Accounts: each page of theirs opens, leads on, and keeps its secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.test import Client

from portal.adapters import MFAAdapter
from portal.models import User
from tests.factories import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"


def _link() -> str:
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def _sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_from_signing_up_to_the_first_step(client: Client) -> None:
    given = {"email": "new@example.org", "password1": "a long enough one 4 me", "password2": "a long enough one 4 me"}
    sent = client.post("/accounts/signup/", given, follow=True)
    assert "Check your e-mail" in sent.content.decode()
    link = _link()
    assert "Is new@example.org your address?" in client.get(link).content.decode()
    client.post(link)
    assert EmailAddress.objects.get(email="new@example.org").verified
    there = _sign_in(client, "new@example.org", "a long enough one 4 me")
    assert there.headers["Location"] == "/start/"
    assert User.objects.get(email="new@example.org").role == "patient"


def test_an_old_link_says_so(client: Client) -> None:
    assert "This link is old" in client.get("/accounts/confirm-email/nonsense/").content.decode()
    assert "This link is old" in client.get("/accounts/password/reset/key/1-nonsense/", follow=True).content.decode()


def test_a_new_password(client: Client, alice: Any) -> None:
    done = client.post("/accounts/password/reset/", {"email": "alice@example.org"}, follow=True)
    assert "If we know this address" in done.content.decode()
    form = client.get(_link(), follow=True)
    assert "Choose a new password" in form.content.decode()
    new = {"password1": "another long one 2 keep", "password2": "another long one 2 keep"}
    changed = client.post(form.request["PATH_INFO"], new, follow=True)
    assert "Your password is changed" in changed.content.decode()
    assert _sign_in(client, "alice@example.org", "another long one 2 keep").status_code == 302


def test_nobody_learns_who_has_an_account(client: Client, alice: Any) -> None:
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain


@pytest.mark.parametrize(("who", "goes_to"), [("alice", "/records/"), ("bob", "/start/"), ("carol", "/review/")])
def test_signing_in_leads_to_ones_work(client: Client, request: pytest.FixtureRequest, who: str, goes_to: str) -> None:
    user = request.getfixturevalue(who)
    if who == "alice":
        make_patient(user)
    assert _sign_in(client, user.email).headers["Location"] == goes_to


def _code(secret: str) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, auth.yield_hotp_counters_from_time().__next__())))


def test_the_second_step_from_on_to_off(client: Client, alice: Any) -> None:
    _sign_in(client, alice.email)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Is it you?" in asked.content.decode()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert "Scan this picture" in page.content.decode()
    assert "Error: " in client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    client.post("/accounts/2fa/totp/activate/", {"code": _code(client.get("/accounts/2fa/totp/activate/").context["form"].secret)})
    kept = Authenticator.objects.get(user=alice, type="totp").data["secret"]
    assert secret not in kept and kept.startswith("test1:")
    for url, words in (("/accounts/2fa/", "Spare codes"), ("/accounts/2fa/recovery-codes/", "Each works once"),
                       ("/accounts/2fa/recovery-codes/generate/", "The old ones will stop"), ("/accounts/2fa/totp/deactivate/", "less safe"),
                       ("/accounts/2fa/webauthn/", "You have no keys yet"), ("/accounts/2fa/webauthn/add/", "<h1")):  # fmt: skip
        assert words in client.get(url).content.decode(), url
    other = Client()
    assert _sign_in(other, alice.email).headers["Location"] == "/accounts/2fa/authenticate/"
    assert "Type the code from your app" in other.get("/accounts/2fa/authenticate/").content.decode()
    assert other.get("/records/").status_code == 302
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=alice, type="totp").exists()


def test_secrets_are_sealed_and_outlive_a_new_key(settings: Any) -> None:
    sealed = MFAAdapter().encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in sealed and MFAAdapter().encrypt("JBSWY3DP") != sealed
    settings.KEY_RING = "newer:" + "cd" * 32 + "," + settings.KEY_RING
    assert MFAAdapter().decrypt(sealed) == "JBSWY3DP"
    assert MFAAdapter().encrypt("x").startswith("newer:")


def test_sessions_and_addresses(client: Client, alice: Any) -> None:
    _sign_in(client, alice.email)
    assert "This one" in client.get("/accounts/sessions/").content.decode()
    text = client.get("/accounts/email/").content.decode()
    assert "alice@example.org" in text and "Confirmed" in text


def test_an_address_that_is_not_confirmed_opens_nothing(client: Client, alice: Any) -> None:
    make_patient(alice)
    EmailAddress.objects.filter(user=alice).update(verified=False)
    assert _sign_in(client, alice.email).headers["Location"] == "/accounts/confirm-email/"
    assert client.get("/records/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/documents/").status_code == 403


def test_an_old_form_is_explained(alice: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403 and "This form is too old" in response.content.decode()


@pytest.fixture
def strict(settings: Any) -> None:
    settings.STAFF_NEED_SECOND_STEP = True


WORK = {"carol": ("/review/", f"/proof/{UUID(int=1)}/", "/account/"), "root": ("/admin/", "/admin/portal/user/", "/account/")}


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("who", WORK)
def test_staff_come_no_further_without_a_second_step(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    user = request.getfixturevalue(who)
    client.force_login(user)
    for path in WORK[who]:
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/"), path
    refused = client.get("/api/v1/profile/")
    assert refused.status_code == 403 and refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "second_step"
    assert "Your work needs a second step" in client.get("/accounts/2fa/", follow=True).content.decode()
    assert client.get("/accounts/logout/").status_code == 200
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert client.get(WORK[who][0]).status_code == 302, "spare codes alone are no second step"
    Authenticator.objects.create(user=user, type="totp", data={"secret": MFAAdapter().encrypt("JBSWY3DP")})
    assert client.get(WORK[who][0]).status_code == 200


@pytest.mark.usefixtures("strict")
def test_patients_may_do_without_a_second_step(client: Client, alice: Any) -> None:
    make_patient(alice)
    client.force_login(alice)
    assert client.get("/records/").status_code == 200
    assert client.get("/").status_code == 200


def test_every_installation_but_a_trial_one_asks_staff_for_a_second_step() -> None:
    from portal.settings import base

    assert base.STAFF_NEED_SECOND_STEP is True
    assert "STAFF_NEED_SECOND_STEP" not in Path("portal/settings/production.py").read_text()


def test_signing_up_with_a_known_address_looks_like_signing_up(client: Client, alice: Any) -> None:
    told = []
    for email in ("alice@example.org", "unknown@example.org"):
        given = {"email": email, "password1": "a long enough one 4 me", "password2": "a long enough one 4 me"}
        answer = Client().post("/accounts/signup/", given, follow=True)
        told.append((answer.status_code, answer.redirect_chain, _plain(answer.content)))
    assert told[0] == told[1]
    assert [one.to for one in mail.outbox] == [["alice@example.org"], ["unknown@example.org"]], "each is told by mail only"
    assert User.objects.filter(email="alice@example.org").count() == 1


def test_a_wrong_password_and_an_unknown_address_look_the_same(alice: Any) -> None:
    answers = [_sign_in(Client(), email, "not the password") for email in ("alice@example.org", "nobody@example.org")]
    told = [
        (one.status_code, _plain(one.content).replace(b"alice@example.org", b"").replace(b"nobody@example.org", b"")) for one in answers
    ]
    assert told[0] == told[1]


def _plain(text: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|unknown@example.org|alice@example.org', b"", text)


def test_the_sixth_wrong_password_is_not_tried(alice: Any) -> None:
    answers = [_sign_in(Client(), alice.email, "not the password") for _ in range(6)]
    assert "Too many" in answers[-1].content.decode()
    assert _sign_in(Client(), alice.email).status_code in (200, 429), "the right one neither, for five minutes"
