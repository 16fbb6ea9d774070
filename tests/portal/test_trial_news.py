"""A person is told what changed in the list of trials: on the page with the reason, by mail without a word of health; and the daily round."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal import rounds
from portal.models import Criterion, RegistryRecord, Trial
from portal.trials.ingest import ingested
from portal.trials.news import tell_of_changes
from portal.trials.shown_trials import take_up
from records.actions.notices import send_due
from records.models import AuditEvent, Notice
from tests.factories import make_patient
from tests.portal.registry_server import FakeRegistry, serving, study

pytestmark = pytest.mark.django_db
RULES = "Inclusion Criteria:\n\n* Age 18 years or older\n* KRAS G12D mutation\n"
ONE, TWO, THREE = "NCT00000021", "NCT00000022", "NCT00000023"


def sent(*studies: Any) -> None:
    assert not ingested(studies, now=timezone.now()).malformed


@pytest.fixture
def ours() -> None:
    """Three trials of ours, read from the registry and shown."""
    call_command("load_content", verbosity=0)
    Trial.objects.all().delete()
    sent(*(study(nct, rules=RULES) for nct in (ONE, TWO, THREE)))
    for record in RegistryRecord.objects.all():
        made = take_up(record)
        made.title, made.what_is_tested, made.is_shown = f"Our words for {made.nct}", "Cells.", True
        made.save()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.post("/facts/add/diagnosis/", {"name": "Pancreatic ductal adenocarcinoma"})
    return client


def news(client: Client) -> str:
    page: str = client.get("/my/trials/").content.decode()
    return page.partition("What changed since")[2].partition("</details>")[0]


@pytest.mark.usefixtures("ours")
def test_a_closing_an_edit_and_a_correction_are_told(alice: Any, bob: Any) -> None:
    patient = make_patient(alice, consents=("reading", "alerts"))
    make_patient(bob)
    client, other = signed_in(alice), signed_in(bob)
    assert news(client) == "" and news(other) == ""
    assert tell_of_changes(today=timezone.localdate()) == 0
    sent(study(ONE, "COMPLETED", "2026-11-20", rules=RULES), study(TWO, updated="2026-11-20", rules=f"{RULES}* HER2 positive\n"))
    own = Criterion.objects.get(trial=THREE, registry_sentence="KRAS G12D mutation")
    own.kind, own.sentence = "exclusion", "The tumor must not have KRAS G12D."
    own.save()

    assert tell_of_changes(today=timezone.localdate()) == 1
    assert tell_of_changes(today=timezone.localdate()) == 0
    assert AuditEvent.objects.filter(purpose="alerts", patient=patient.pk, actor=None).count() == 1
    Notice.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    mail.outbox.clear()
    send_due()
    (one,) = mail.outbox
    said = f"{one.subject} {one.body}".lower()
    assert one.to == [alice.email] and not any(word in said for word in ("trial", "cancer", "nct", "kras", "tumor", "pancrea"))

    told = news(client)
    assert f"Our words for {ONE}</a>. It takes no new people now." in told
    assert f"Our words for {TWO}</a>. Its rules changed." in told
    assert f"Our words for {THREE}</a>. Its rules changed." in told
    client.post("/facts/add/biomarker/", {"name": "KRAS", "status": "positive", "detail": "p.G12D"})
    assert "KRAS" in news(client)


def test_the_registry_is_asked_once_a_day_beside_the_sweeper(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(rounds, "_day", lambda: asked.append("day"))
    cache.delete(rounds.DONE)
    for _ in range(3):
        thread = rounds.go_round()
        if thread:
            thread.join()
    assert asked == ["day"]
    cache.delete(rounds.DONE)


def test_the_days_work_brings_new_studies_and_closings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Trial.objects.create(nct=ONE, title="Ours", what_is_tested="Cells.", status="RECRUITING", status_on=dt.date(2026, 10, 1))
    monkeypatch.setattr("portal.trials.registry.BETWEEN", 0.0)
    settings.REGISTRY_IS_ASKED, settings.REGISTRY_QUERIES = True, [{"condition": "pancreatic cancer"}]
    with serving(FakeRegistry([study(ONE, "COMPLETED"), study(TWO)])) as made:
        settings.REGISTRY_URL = made.address
        rounds.daily()
        assert Trial.objects.get().status == "COMPLETED"
        assert RegistryRecord.objects.count() == 2
        made.asked.clear()
        settings.REGISTRY_IS_ASKED = False
        rounds.daily()
        assert made.asked == []


def test_a_registry_that_does_not_answer_is_asked_again_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []

    def breaks() -> None:
        raise OSError("away")

    monkeypatch.setattr(rounds, "daily", breaks)
    monkeypatch.setattr(rounds.connection, "close", lambda: None)
    monkeypatch.setattr(rounds.cache, "set", lambda key, value, timeout: kept.append(timeout))
    rounds._day()
    assert kept == [rounds.HOUR]
