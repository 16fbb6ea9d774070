"""Everything of a record out of one account and into an empty one: the same facts, apart from what the export says it loses."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B.bundle import Bundle

from portal.tokens import make_token
from records import actions
from records.export import COLUMNS, LOST
from records.models import AuditEvent, Document, Patient
from tests.api.conforming import Api
from tests.factories import make_patient, make_read_document

pytestmark = pytest.mark.django_db
NOTE = b"""ONCOLOGY CLINIC NOTE
Patient: Rosa Example
Sex: Female
Date of report: 10/05/2026

Diagnosis: Pancreatic ductal adenocarcinoma, grade 2, diagnosed on 03/14/2026.
Stage IV (AJCC 8th edition), cT3 N1 M1, with liver metastases on 03/14/2026.
KRAS p.G12D was detected by NGS on 03/28/2026.
BRCA2: not tested.
MSI: stable by NGS on 03/28/2026.
First line FOLFIRINOX was given from 04/2026 to 07/2026 and stopped for progression.
Gemcitabine since 08/2026, ongoing.
ECOG performance status 1 on 10/01/2026.
CA 19-9 on 09/04/2026: 812 U/mL
Past medical history: hypertension.
Family history: aunt with BRCA2 mutation.
Allergies: penicillin.
"""
# Parts of a fact that LOST tells of.
OF_THE_FIRST_DOCUMENTS = {"evidence", "checked", "confidence", "finding_ids", "is_conflicting", "is_poorly_read", "stated_or_derived"}
OF_NO_DAY = {"sex", "allergies", "comorbidities", "family_history"}
TAKEN_FROM_AROUND = {"origin", "method", "specimen"}


def _with_token(user: Any) -> Api:
    secret = make_token(user=user, name="Export", scopes=["read"], days=1)[1]
    return Api(Client(headers={"Authorization": f"Bearer {secret}"}))


def _facts(name: str, made: Any) -> Any:
    """Values, dates and statuses, without what belongs to the documents they came from; lists in an order of their own."""
    if isinstance(made, list):
        return sorted((_facts(name, one) for one in made), key=lambda fact: json.dumps(fact, sort_keys=True))
    if not isinstance(made, dict):
        return made
    dropped = OF_THE_FIRST_DOCUMENTS | (TAKEN_FROM_AROUND if "origin" in made else set()) | ({"date"} if name in OF_NO_DAY else set())
    return {key: one for key, one in made.items() if key not in dropped}


def test_a_record_goes_out_and_into_an_empty_account_with_the_same_facts(alice: Any, bob: Any) -> None:
    assert make_read_document(make_patient(alice), NOTE, name="note.txt").status == "ready"
    hers = _with_token(alice)
    before = hers.get("profile/")["profile"]
    assert {"primary_cancer", "stage", "biomarkers", "treatments", "ecog", "labs", "family_history", "allergies"} <= before.keys()
    bundle = hers.get("export/fhir/")
    Bundle.model_validate(bundle)
    taken = make_read_document(make_patient(bob), json.dumps(bundle).encode(), name="my-record.fhir.json")
    assert (taken.status, taken.failure_code) == ("ready", "")
    his = _with_token(bob)
    after = his.get("profile/")["profile"]
    for name in sorted((before.keys() | after.keys()) - LOST.keys()):
        assert _facts(name, after.get(name)) == _facts(name, before.get(name)), name
    assert {one["file"] for one in after["primary_cancer"]["evidence"]} == {"my-record.fhir.json"}


def test_the_table_and_the_json_say_what_the_profile_says(api: Api, alice: Any, read_file: Document) -> None:
    mine = _with_token(alice)
    assert mine.get("export/json/") == mine.get("profile/")
    answer = mine.client.get("/api/v1/export/csv/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode()))
    assert tuple(head) == COLUMNS
    assert {(row[0], row[1]) for row in rows} == {("biomarkers", "KRAS"), ("biomarkers", "MSI")}
    assert rows[0][COLUMNS.index("quote")] == "KRAS=positive"


def test_taking_everything_along_needs_a_fresh_sign_in_and_leaves_a_trace(api: Api, read_file: Document) -> None:
    for kind in ("fhir", "csv", "json"):
        assert api.get(f"export/{kind}/", status=403)["code"] == "sign_in_again"
    api.client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    api.get("export/json/")
    assert AuditEvent.objects.filter(purpose="export", outcome="done", patient=read_file.patient_id).exists()


def test_who_may_look_may_not_take_everything_along(alice: Any, bob: Any, read_file: Document, record: Patient) -> None:

    actions.grant_access(by=alice, patient=record, to=bob, rights={"view"}, until=timezone.now() + dt.timedelta(days=1))
    caregiver = _with_token(bob)
    assert caregiver.get("profile/")["profile"]["biomarkers"]
    assert caregiver.get("export/fhir/", status=403)["code"] == "permission_denied"
