"""Webhooks over the API: like tokens, made after a fresh sign-in and never by a token; the secret is shown once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from portal.tokens import make_token
from records.models import Patient
from tests.api.conforming import Api

pytestmark = pytest.mark.django_db
URL = {"url": "https://example.org/told"}


def test_a_webhook_is_made_seen_and_ended_by_its_person_alone(api: Api, bobs: Api, record: Patient) -> None:
    assert api.post("webhooks/", URL, status=403)["code"] == "sign_in_again"
    api.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    made = api.post("webhooks/", URL)
    assert made["secret"].startswith("whsec_")
    (listed,) = api.get("webhooks/")
    assert listed["url"] == URL["url"] and "secret" not in listed
    assert bobs.get("webhooks/") == []
    bobs.ask("DELETE", f"webhooks/{made['id']}/", status=404)
    assert api.post("webhooks/", {"url": "https://10.0.0.8/"}, status=400)["errors"]["url"]
    for _ in range(4):
        api.post("webhooks/", URL)
    assert api.post("webhooks/", URL, status=400)["errors"]["url"]
    api.ask("DELETE", f"webhooks/{made['id']}/", status=204)
    assert len(api.get("webhooks/")) == 4


def test_a_token_makes_no_webhook(alice: Any, record: Patient) -> None:
    secret = make_token(user=alice, name="Phone", scopes=["read", "write"], days=1)[1]
    his = Api(Client(headers={"Authorization": f"Bearer {secret}"}))
    assert his.post("webhooks/", URL, status=403)["code"] == "token_scope"
