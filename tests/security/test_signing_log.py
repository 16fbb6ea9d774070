"""Each try to sign in, and each change of what opens an account, is a line of the log: who by number, how, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from portal.tokens import make_token
from tests.portal.test_account_pages import _code, _sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PASSWORD = "correct horse battery"


def events(log: list[str]) -> list[tuple[str, dict[str, str]]]:
    """The lines of signing in: the event and its fields."""
    lines = [json.loads(one) for one in log]
    said = [one["event"].split(" ") for one in lines if one["logger"] == "portal.signing"]
    return [(event, dict(field.split("=", 1) for field in fields)) for event, *fields in said]


@pytest.mark.asvs("16.3.1", "16.2.1")
def test_each_try_is_a_line_that_names_nobody(client: Client, alice: Any, log: list[str]) -> None:
    _sign_in(client, alice.email, "a wrong password")
    _sign_in(client, "nobody@example.org", "a wrong password")
    _sign_in(client, alice.email, PASSWORD)
    client.post("/accounts/logout/")
    found = events(log)
    assert [one for one, _ in found] == ["sign_in_failed", "sign_in_failed", "signed_in", "signed_out"]
    assert [fields["user"] for _, fields in found] == [str(alice.pk), "-", str(alice.pk), str(alice.pk)]
    assert [fields["how"] for _, fields in found] == ["password", "password", "password", "-"]
    (place,) = {fields["from"] for _, fields in found}
    assert len(place) == 12
    lines = [one for one in log if '"portal.signing"' in one]
    assert not [one for one in lines if any(word in one for word in ("example.org", "127.0.0.1", "wrong", "horse"))]


@pytest.mark.asvs("16.3.1")
def test_what_is_not_even_tried_is_a_line_too(client: Client, alice: Any, log: list[str]) -> None:
    for _ in range(6):
        _sign_in(client, alice.email, "a wrong password")
    assert [one for one, _ in events(log)] == ["sign_in_failed"] * 5 + ["sign_in_not_tried"]


@pytest.mark.asvs("16.3.1")
def test_the_second_step_its_change_and_a_changed_password_are_lines(
    client: Client, alice: Any, log: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    _sign_in(client, alice.email, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": _code(secret)})
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    other = Client()
    _sign_in(other, alice.email, PASSWORD)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/totp/deactivate/")
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long one 2 keep", "password2": "another long one 2 keep"},
    )
    found = [(event, fields["how"]) for event, fields in events(log)]
    assert [one for one in found if one[0] != "step_used"] == [
        ("signed_in", "password"), ("step_added", "totp"), ("step_added", "recovery_codes"), ("second_step_failed", "totp"),
        ("step_removed", "totp"), ("step_removed", "recovery_codes"), ("password_changed", "-"),
    ]  # fmt: skip
    assert secret not in "".join(log)


@pytest.mark.asvs("16.3.1")
def test_tokens_made_and_refused_are_lines(alice: Any, log: list[str]) -> None:
    _, secret = make_token(user=alice, name="canary", scopes=["read"], days=1)
    assert Client().get("/api/v1/documents/", headers={"Authorization": f"Bearer {secret}x"}).status_code == 401
    assert [(event, fields["user"]) for event, fields in events(log)] == [("token_made", str(alice.pk)), ("token_refused", "-")]
    assert not [one for one in log if secret in one or "canary" in one]
