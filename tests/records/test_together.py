"""What a person says on one page is kept together, or not at all: the same word on several facts, and several agreements."""

from __future__ import annotations

from typing import Any

import pytest

from records import actions
from records.exceptions import RecordsError
from records.models import AuditEvent, Consent, Finding, Profile, Review, ReviewRequest
from records.permissions import NotVisible
from records.scope import Scope
from tests.factories import make_patient, make_read_document
from tests.records.paper import paper

pytestmark = pytest.mark.django_db
WORDS = "Diagnosis: Pancreatic ductal adenocarcinoma.\nKRAS: p.G12D mutation detected.\n"


def _findings(account: Any) -> list[Finding]:
    patient = make_patient(account)
    make_read_document(patient, paper(WORDS))
    return list(Finding.objects.filter(patient=patient))


def test_the_same_word_on_several_facts_makes_one_new_profile(alice: Any) -> None:
    findings = _findings(alice)
    patient, before = findings[0].patient, Profile.objects.count()
    actions.review_findings(by=alice, patient=patient, findings=findings, decision="confirmed")
    assert len(findings) > 1 and Profile.objects.count() == before + 1
    assert set(Review.objects.values_list("finding", "decision")) == {(one.pk, "confirmed") for one in findings}
    assert AuditEvent.objects.filter(action="finding.reviewed", patient=patient.pk, outcome="done").count() == len(findings)


def test_where_one_fact_is_of_another_record_none_is_judged(alice: Any, bob: Any) -> None:
    mine, theirs = _findings(alice), _findings(bob)
    with pytest.raises(NotVisible):
        actions.review_findings(by=alice, patient=mine[0].patient, findings=[*mine, theirs[0]], decision="confirmed")
    assert not Review.objects.exists()
    assert AuditEvent.objects.filter(action="finding.reviewed", outcome="refused", patient=mine[0].patient_id).count() == 1


def test_a_word_there_is_not_is_kept_on_none(alice: Any) -> None:
    findings = _findings(alice)
    with pytest.raises(RecordsError, match="invalid_value"):
        actions.review_findings(by=alice, patient=findings[0].patient, findings=findings, decision="corrected")
    assert not Review.objects.exists()


def test_who_agrees_to_the_check_asks_for_it(alice: Any, carol: Any) -> None:
    patient = make_patient(alice, consents=())
    actions.agree(by=alice, patient=patient, purposes=["reading", "review"], version="1")
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"reading", "review"}
    assert ReviewRequest.objects.get().patient == patient and Scope(carol).patients().get() == patient


def test_who_does_not_agree_to_the_check_asks_for_none(alice: Any, carol: Any) -> None:
    patient = make_patient(alice, consents=())
    actions.agree(by=alice, patient=patient, purposes=["reading", "alerts"], version="1")
    assert not ReviewRequest.objects.exists() and not Scope(carol).patients().exists()


def test_of_several_agreements_none_is_kept_where_one_is_refused(alice: Any, bob: Any) -> None:
    patient = make_patient(alice, consents=())
    with pytest.raises(NotVisible):
        actions.agree(by=bob, patient=patient, purposes=["reading", "review"], version="1")
    assert not Consent.objects.exists()
    assert AuditEvent.objects.filter(action="consent.given", outcome="refused", patient=patient.pk).exists()
