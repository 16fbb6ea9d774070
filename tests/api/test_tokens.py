"""Tokens of devices: who makes them, what they open, and when they stop."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.models import DeviceToken
from portal.tokens import MOST_TOKENS, make_token
from records.models import AuditEvent, Document, Patient
from tests.api.conforming import Api
from tests.factories import ask_for_review
from tests.records.paper import paper

pytestmark = pytest.mark.django_db
ASKED = {"name": "My phone", "scopes": ["read"], "days": 7}


def device(secret: str) -> Api:
    """A program that has a token and no session."""
    return Api(Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True))


def token_for(user: Any, *scopes: str) -> str:
    return make_token(user=user, name="My phone", scopes=list(scopes), days=7)[1]


def test_a_token_needs_a_fresh_sign_in_and_is_shown_once(api: Api, read_file: Document) -> None:
    assert api.post("tokens/", ASKED, status=403)["code"] == "sign_in_again"
    api.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    made = api.post("tokens/", ASKED)
    assert made["token"].startswith("cg_")
    (listed,) = api.get("tokens/")
    assert listed == {key: value for key, value in made.items() if key != "token"}
    assert made["token"] not in str(DeviceToken.objects.values()), "only its hash is kept"
    assert device(made["token"]).get("profile/")["profile"]["biomarkers"]


def test_a_token_does_what_its_scopes_say_and_nothing_else(api: Api, alice: Any, read_file: Document) -> None:
    reading = device(token_for(alice, "read"))
    assert reading.get("findings/")["results"]
    sent = {"file": SimpleUploadedFile("a.paper", paper("TP53=positive"))}
    assert reading.post("documents/", sent, status=403)["code"] == "token_scope"
    assert reading.ask("DELETE", f"documents/{read_file.pk}/", status=403)
    writing = device(token_for(alice, "write"))
    assert writing.post("documents/", {"file": SimpleUploadedFile("a.paper", paper("TP53=positive"))})["status"] == "received"
    assert writing.get("profile/", status=403)


def test_a_token_makes_lists_and_revokes_no_tokens(api: Api, alice: Any) -> None:
    one = device(token_for(alice, "read", "write"))
    assert one.post("tokens/", ASKED, status=403)
    assert one.get("tokens/", status=403)
    assert one.ask("DELETE", f"tokens/{DeviceToken.objects.get().pk}/", status=403)


def test_a_token_of_one_person_sees_nothing_of_another(api: Api, bob: Any, carol: Any, read_file: Document, record: Patient) -> None:
    for user in (bob, carol):
        other = device(token_for(user, "read", "write", "review"))
        assert other.get(f"documents/{read_file.pk}/", status=404)
        assert other.get("profile/", status=404)
        assert other.ask("DELETE", f"documents/{read_file.pk}/", status=404)
    assert Document.objects.filter(pk=read_file.pk).exists()


def test_the_queue_needs_its_own_scope(api: Api, carol: Any, read_file: Document, record: Patient) -> None:
    ask_for_review(record)
    assert device(token_for(carol, "read", "write")).get("review/", status=403)
    assert len(device(token_for(carol, "review")).get("review/")["results"]) == 1


@pytest.mark.parametrize("why", ["over", "revoked", "switched-off", "never-made"])
def test_a_token_that_no_longer_works_is_401_and_says_nothing_more(api: Api, alice: Any, read_file: Document, why: str) -> None:
    secret = token_for(alice, "read")
    assert device(secret).get("profile/")
    token = DeviceToken.objects.get()
    if why == "over":
        DeviceToken.objects.update(until=timezone.now() - dt.timedelta(seconds=1))
    elif why == "revoked":
        api.ask("DELETE", f"tokens/{token.pk}/", status=204)
        assert api.ask("DELETE", f"tokens/{token.pk}/", status=404)
    elif why == "switched-off":
        alice.is_active = False
        alice.save()
    else:
        secret = "cg_" + "a" * 43
    refused = device(secret).client.get("/api/v1/profile/")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_refused")
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_nobody_revokes_the_token_of_another(api: Api, bobs: Api, alice: Any) -> None:
    token_for(alice, "read")
    assert bobs.ask("DELETE", f"tokens/{DeviceToken.objects.get().pk}/", status=404)
    assert bobs.get("tokens/") == []


def test_making_and_revoking_leave_a_trace(api: Api, alice: Any) -> None:
    token_for(alice, "read")
    api.ask("DELETE", f"tokens/{DeviceToken.objects.get().pk}/", status=204)
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True))[-2:] == ["token.made", "token.revoked"]


def test_a_person_has_not_more_tokens_than_devices(api: Api, alice: Any) -> None:
    for _ in range(MOST_TOKENS):
        token_for(alice, "read")
    api.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    assert api.post("tokens/", ASKED, status=400)["errors"]["name"]


@pytest.mark.parametrize(
    "sent", [{}, {**ASKED, "scopes": []}, {**ASKED, "scopes": ["all"]}, {**ASKED, "days": 9999}], ids=["empty", "none", "unknown", "long"]
)
def test_a_token_that_asks_for_too_much_is_not_made(api: Api, sent: Any) -> None:
    api.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    assert api.post("tokens/", sent, status=400)["errors"]
