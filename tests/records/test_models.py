"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from records import actions
from records.models import Consent, Document, Evidence, Finding, Grant, Page, Patient, Profile, Review, Statement, Work, WrittenOnce
from tests.factories import ask_for_review, make_read_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(patient: Patient, reader: Reader) -> Document:
    document = make_read_document(patient, paper("KRAS=positive"))
    finding = document.findings.get()
    actions.review_finding(by=patient.account, finding=finding, decision="confirmed")
    actions.state_fact(by=patient.account, patient=patient, kind="age", value={"age": 61})
    ask_for_review(patient)
    return document


def _refused(rows: models.QuerySet[Any], **values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet.update(rows, **values)


def test_a_failure_code_iff_failed(document: Document) -> None:
    _refused(Document.objects.all(), status="failed")
    _refused(Document.objects.all(), failure_code="locked")
    _refused(Work.objects.all(), state="failed")
    assert Document.objects.update(status="failed", failure_code="locked") == 1


def test_pairs_are_both_or_neither(document: Document) -> None:
    now, account = timezone.now(), document.patient.account
    for rows, by, at in (
        (Profile.objects.all(), "signed_off_by", "signed_off_at"),
        (Consent.objects.all(), "withdrawn_by", "withdrawn_at"),
        (Grant.objects.all(), "revoked_by", "revoked_at"),
        (document.patient.review_requests.all(), "claimed_by", "claimed_until"),
    ):
        _refused(rows, **{by: account})
        _refused(rows, **{at: now})
        assert rows.update(**{by: account, at: now})


def test_a_token_has_a_lease(document: Document) -> None:
    _refused(Work.objects.all(), lease_until=timezone.now())


def test_what_is_once_is_once(document: Document) -> None:
    page, finding = Page.objects.get(), Finding.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Page(patient=page.patient, document=document, reading=1, number=1, text="", words=[]).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            patient=finding.patient, document=document, kind="lab", value={}, assertion="present", confidence=1,
            extractor="x/1", fingerprint=finding.fingerprint,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.create(patient=finding.patient, number=99, content={})


def test_evidence_starts_before_it_ends(document: Document) -> None:
    page, finding = Page.objects.get(), Finding.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(patient=page.patient, finding=finding, page=page, start=5, end=5, quote="")


def test_a_correction_has_a_value_and_nothing_else_has(document: Document) -> None:
    common = {"patient": document.patient, "finding": Finding.objects.get(), "by": document.patient.account, "by_role": "patient"}
    for wrong in ({"decision": "corrected"}, {"decision": "confirmed", "corrected": {"name": "KRAS"}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(**common, **wrong)


@pytest.mark.parametrize("model", [Page, Evidence, Review, Statement])
def test_rows_written_once_stay_as_they_are(document: Document, model: Any) -> None:
    row = model.objects.get()
    for harm in (row.save, row.delete, lambda: model.objects.update(patient=row.patient_id)):
        with pytest.raises(WrittenOnce):
            harm()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET patient_id = patient_id")
    assert model.objects.get() == row


def test_staff_with_decisions_stay(document: Document, carol: Any) -> None:
    actions.review_finding(by=carol, finding=Finding.objects.get(), decision="confirmed")
    with pytest.raises(models.RestrictedError):
        carol.delete()


def test_rows_print_nothing_of_a_patient(document: Document) -> None:
    for model in (Patient, Document, Page, Finding, Evidence, Review, Statement, Profile, Consent, Grant, Work):
        row = model.objects.first()
        assert str(row) == str(row.pk)
