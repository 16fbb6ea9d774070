"""The pages of a person whose drawn records were read for real, with the real content: no link on them leads nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests import demo_records
from tests.factories import make_patient, make_read_document

pytestmark = pytest.mark.django_db
PAGES = (
    "/records/",
    "/facts/",
    "/my/pancreatic/",
    "/my/pancreatic/?view=changes",
    "/my/trials/",
    "/my/pancreatic/print/",
    "/privacy/mine/",
)
NOT_FOLLOWED = ("/static/", "/accounts/logout/", "/privacy/mine/copy/")


@pytest.fixture
def as_rosa(as_alice: Client, alice: Any) -> Client:
    call_command("load_content", verbosity=0)
    patient = make_patient(alice)
    for name, content in demo_records.draw().items():
        assert make_read_document(patient, content, name=name).status == "ready"
    return as_alice


def _links(client: Client, path: str) -> set[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    found = re.findall(r'(?:href|src)="(/[^"#]*)', response.content.decode())
    return {one.replace("&amp;", "&") for one in found if not one.startswith(NOT_FOLLOWED)}


def test_every_link_on_my_pages_opens(as_rosa: Client) -> None:
    links = {link for path in PAGES for link in _links(as_rosa, path)}
    proofs = {link for link in links if link.startswith("/proof/")}
    assert len(proofs) > 20
    pictures = {
        link
        for path in sorted(proofs)[:5]
        for link in re.findall(r'href="(/records/[^"]+/pages/\d+/)"', as_rosa.get(path).content.decode())
    }
    assert pictures, "a proof shows its page"
    broken = {link: status for link in sorted(links | pictures) if (status := as_rosa.get(link).status_code) not in (200, 302)}
    assert not broken
