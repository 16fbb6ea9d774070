"""Webhooks: signed, tried again, ids only, never into a network that is not the open internet, and for nobody who may not see the record."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from portal import outside, webhooks
from portal.models import Delivery, Webhook
from records import actions
from records.models import Patient
from tests.factories import make_patient, make_read_document
from tests.records.paper import paper

pytestmark = pytest.mark.django_db


class Partner:
    """A server of a partner. status: what it answers; got: what came."""

    def __init__(self) -> None:
        self.status, self.got = 200, []  # type: int, list[tuple[dict[str, str], bytes]]
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                partner.got.append((dict(self.headers), content))
                self.send_response(partner.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/told?by=us"


@pytest.fixture
def partner(settings: Any) -> Iterator[Partner]:
    settings.WEBHOOKS_MAY_STAY_HERE = True
    one = Partner()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


@pytest.fixture
def record(alice: Any, reader: Any) -> Patient:
    return make_patient(alice)


def told(partner: Partner) -> list[dict[str, str]]:
    return [json.loads(content) for _headers, content in partner.got]


def test_what_is_finished_is_told_once_signed_and_by_ids_alone(alice: Any, record: Patient, partner: Partner) -> None:
    webhook = webhooks.make_webhook(user=alice, url=partner.url)
    document = make_read_document(record, paper("CANARYGENE=positive"), name="canary.pdf")
    for _ in range(2):
        webhooks.go_round()
    assert {(one["event"], one["target"]) for one in told(partner)} >= {("document.ready", str(document.pk))}
    assert {one["event"] for one in told(partner)} == {"document.ready", "profile.changed"}
    assert len({one["id"] for one in told(partner)}) == len(partner.got), "each once"
    for headers, content in partner.got:
        assert set(json.loads(content)) == {"id", "event", "target", "at"}
        assert b"canary" not in content.lower()
        at, _, made = headers["CART-Guide-Signature"].partition(",v1=")
        secret = webhooks.secret_of(webhook).encode()
        assert hmac.compare_digest(made, hmac.new(secret, at.removeprefix("t=").encode() + b"." + content, hashlib.sha256).hexdigest())


def test_what_was_before_and_what_is_anothers_is_not_told(alice: Any, bob: Any, record: Patient, partner: Partner) -> None:
    make_read_document(record, paper("KRAS=positive"))
    webhooks.make_webhook(user=bob, url=partner.url)
    webhooks.make_webhook(user=alice, url=partner.url)
    webhooks.go_round()
    assert partner.got == []


def test_who_lost_the_right_to_see_is_told_nothing_more(alice: Any, bob: Any, record: Patient, partner: Partner) -> None:
    until = timezone.now() + dt.timedelta(days=1)
    grant = actions.grant_access(by=alice, patient=record, to=bob, rights={"view"}, until=until)
    webhooks.make_webhook(user=bob, url=partner.url)
    make_read_document(record, paper("KRAS=positive"))
    webhooks.go_round()
    before = len(partner.got)
    assert before
    actions.revoke_access(by=alice, grant=grant)
    make_read_document(record, paper("TP53=positive", title="2"))
    webhooks.go_round()
    assert len(partner.got) == before


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_did_not_arrive_is_tried_again_later_and_later_and_given_up(
    status: int, alice: Any, record: Patient, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.status = status
    webhook = webhooks.make_webhook(user=alice, url=partner.url)
    one = Delivery.objects.create(webhook=webhook, event="document.ready", target=record.pk, at=timezone.now(), due_at=timezone.now())
    now, waits = timezone.now(), []
    for _ in range(20):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        assert webhooks.send_due() == 0
        one.refresh_from_db()
        if one.due_at is None:
            break
        waits.append(one.due_at - now)
        assert webhooks.send_due() == 0, "not before it is due"
        now = one.due_at
    assert waits == sorted(waits) and len(waits) == 6 and waits[-1] == dt.timedelta(days=1)
    assert (one.tries, len(partner.got)) == (7, 7)


def test_an_address_that_is_gone_is_told_no_more(alice: Any, record: Patient, partner: Partner) -> None:
    partner.status = 410
    webhook = webhooks.make_webhook(user=alice, url=partner.url)
    make_read_document(record, paper("KRAS=positive"))
    webhooks.go_round()
    webhook.refresh_from_db()
    assert webhook.ended_at is not None


BAD = [
    "http://example.org/", "https://127.0.0.1/", "https://10.0.0.8/x", "https://192.168.1.1/", "https://[::1]/", "https://169.254.169.254/latest/",
    "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://100.64.0.1/", "https://me:pw@example.org/", "ftp://example.org/", "https:///x",
    "https://example.org:99999/", "https://224.0.0.1/", "nonsense",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD)
def test_an_address_inside_or_in_the_clear_is_refused(url: str, alice: Any) -> None:
    with pytest.raises(outside.Unfit):
        webhooks.make_webhook(user=alice, url=url)
    assert not Webhook.objects.exists()


def test_a_name_that_leads_inside_is_refused_when_it_is_called(alice: Any, record: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = webhooks.make_webhook(user=alice, url="https://example.org/told")
    one = Delivery.objects.create(webhook=webhook, event="document.ready", target=record.pk, at=timezone.now(), due_at=timezone.now())
    both = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (socket.AF_INET, 1, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **given: both)
    monkeypatch.setattr(socket, "create_connection", lambda *args: pytest.fail("nothing may be connected to"))
    assert webhooks.send_due() == 0
    one.refresh_from_db()
    assert one.tries == 1 and one.due_at is not None
