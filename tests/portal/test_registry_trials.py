"""Trials of the public register on a person's page: looked through as columns, never said to fit, never left out by a rule that was read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from personalize.profile import Cancer, Fact, PartialDate, PatientProfile, Proof
from personalize.trials import Verdict, trial_from_record
from personalize.trials.index import columns_from, index_row, index_version
from portal.models import RegistryRecord, Trial
from portal.presenters.trials import shown_trial
from portal.trials import registry_trials
from portal.trials.ingest import ingested
from portal.trials.registry_trials import index_again, registry_match, registry_matches
from portal.trials.saving import save_trial, saved_trials
from records.models import AuditEvent, Patient
from records.permissions import NotVisible
from tests.factories import make_patient
from tests.portal.registry_server import study

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)
SEEN = Proof(date=PartialDate(2026, 11, 1), confidence=0.97)
MINE = PatientProfile(
    primary_cancer=Cancer("Pancreatic ductal adenocarcinoma", "pancreas", "PAAD", proof=SEEN), age=Fact(63, SEEN), sex=Fact("female", SEEN)
)
FAR = "Inclusion Criteria:\n\n* Age 18 years or older\n* KRAS G12D mutation\n* Prior lines: at least 5 prior lines of therapy\n"


def studied(nct: str, **module: Any) -> dict[str, Any]:
    """A made-up study with other fields: min_age, max_age, sex, conditions, status."""
    made: dict[str, Any] = study(nct, module.pop("status", "RECRUITING"), rules=module.pop("rules", FAR))
    protocol = made["protocolSection"]
    protocol["conditionsModule"]["conditions"] = module.pop("conditions", ["Pancreatic Cancer"])
    protocol["identificationModule"]["briefTitle"] = f"Cells of {nct}"
    protocol["eligibilityModule"] |= module
    return made


def store(*studies: Any) -> None:
    assert not ingested(studies, now=timezone.now()).malformed


def found(profile: PatientProfile = MINE) -> list[str]:
    return sorted(one.trial.nct for one in registry_matches(profile, today=TODAY).matches)


def test_only_the_fields_of_the_register_leave_a_study_out() -> None:
    store(
        studied("NCT00000101"),
        studied("NCT00000102", maximumAge="40 Years"),
        studied("NCT00000103", sex="MALE"),
        studied("NCT00000104", conditions=["Breast Cancer"]),
        studied("NCT00000105", status="COMPLETED"),
        studied("NCT00000106", conditions=["Breast Cancer", "Pain"]),
        studied("NCT00000107", conditions=["Solid Tumor"]),
        studied("NCT00000108", rules="Inclusion Criteria:\n\n* Histologically confirmed breast cancer\n* Age 18 to 40 years\n"),
    )
    assert found() == [f"NCT0000010{n}" for n in (1, 6, 7, 8)]
    assert len(found(PatientProfile())) == 7


def test_none_is_said_to_fit_or_to_be_out() -> None:
    store(studied("NCT00000101", rules="Inclusion Criteria:\n\n* Age 18 years or older"), studied("NCT00000102"))
    for one in registry_matches(MINE, today=TODAY).matches:
        assert (one.verdict, one.is_hidden, one.is_not_now) == (Verdict.POSSIBLE, False, False)


def test_a_study_that_is_one_of_ours_is_not_there_twice() -> None:
    renumbered = studied("NCT00000102")
    renumbered["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000012"]
    store(studied("NCT00000101"), renumbered)
    assert found() == ["NCT00000101", "NCT00000102"]
    for nct in ("NCT00000101", "NCT00000012"):
        Trial.objects.create(nct=nct, title="Ours", what_is_tested="Cells.", status_on=TODAY)
    assert found() == []
    assert registry_match("NCT00000101", MINE, today=TODAY) is None


def test_a_study_that_closes_leaves_the_list_and_one_that_opens_comes() -> None:
    store(studied("NCT00000101"), studied("NCT00000102", status="WITHDRAWN"))
    assert found() == ["NCT00000101"]
    closed, opened = studied("NCT00000101", status="COMPLETED"), studied("NCT00000102")
    for one in (closed, opened):
        one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-11-20"
    store(closed, opened)
    assert found() == ["NCT00000102"]


def test_rows_of_an_old_vocabulary_are_made_anew() -> None:
    store(studied("NCT00000101"))
    RegistryRecord.objects.update(index_version="old", index_row=b"")
    registry_trials._index.cache_clear()
    assert found() == []
    assert (index_again(), index_again()) == (1, 0)
    assert found() == ["NCT00000101"]
    assert RegistryRecord.objects.get().index_version == index_version()


@pytest.mark.usefixtures("content")
def test_of_twelve_thousand_studies_the_page_reads_twenty(
    alice: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    store(studied("NCT00000101"))
    first = RegistryRecord.objects.get()
    kept = ("packed", "digest", "status", "index_row", "index_version", "seen_at", "changed_at")
    RegistryRecord.objects.bulk_create(
        RegistryRecord(nct=f"NCT{number:08}", **{name: getattr(first, name) for name in kept}) for number in range(1000, 13_000)
    )
    registry_trials._index.cache_clear()
    read: list[str] = []
    real = registry_trials.criteria_of
    monkeypatch.setattr(registry_trials, "criteria_of", lambda trial: read.append(trial.nct) or real(trial))
    registry_trials._read.cache_clear()
    make_patient(alice)
    client = Client()
    client.force_login(alice)
    page = client.get("/my/trials/").content.decode()
    assert page.count("Possible: not checked by our team") == len(read) == registry_trials.MOST
    assert "11981 more trials of the register" in page
    with django_assert_max_num_queries(20):
        client.get("/my/trials/")
    assert len(read) == registry_trials.MOST
    one = client.get(f"/my/trials/{read[0]}/").content.decode()
    assert "Nobody of our team has checked it." in one and "KRAS G12D mutation" in one
    assert client.get("/my/trials/NCT00000009/").status_code == 404


def test_rows_go_to_bytes_and_back() -> None:
    columns = columns_from([index_row(trial_from_record(studied("NCT00000101", maximumAge="75 Years", sex="FEMALE")))])
    assert (columns.min_age.tolist(), columns.max_age.tolist(), columns.sex.tolist(), columns.is_open.tolist()) == ([18], [75], [1], [1])
    assert columns.cancers.any() and columns.markers.any() and len(columns_from([])) == 0


@pytest.fixture
def as_alice(alice: Any) -> Client:
    make_patient(alice)
    client = Client()
    client.force_login(alice)
    return client


@pytest.mark.usefixtures("content")
def test_a_trial_is_saved_seen_again_and_taken_out(as_alice: Client, bob: Any) -> None:
    store(studied("NCT00000101"))
    for nct in ("NCT00000101", "NCT00000001"):
        assert as_alice.post(f"/my/trials/{nct}/save/", {"keep": "yes"}).status_code == 302
    assert saved_trials(Patient.objects.get()) == ("NCT00000101", "NCT00000001")
    assert "Trials you saved" in as_alice.get("/my/trials/").content.decode()
    assert "Take it out" in as_alice.get("/my/trials/NCT00000101/").content.decode()
    as_alice.post("/my/trials/NCT00000101/save/", {"keep": "no"})
    assert saved_trials(Patient.objects.get()) == ("NCT00000001",)
    assert AuditEvent.objects.filter(action="trial.saved").count() == 3
    assert as_alice.post("/my/trials/NCT00000999/save/", {"keep": "yes"}).status_code == 404
    with pytest.raises(NotVisible):
        save_trial(by=bob, patient=Patient.objects.get(), nct="NCT00000101", is_kept=True)
    assert saved_trials(Patient.objects.get()) == ("NCT00000001",)


@pytest.mark.usefixtures("content")
def test_two_trials_stand_side_by_side(as_alice: Client) -> None:
    store(studied("NCT00000101"))
    page = as_alice.get("/my/trials/compare/?trial=NCT00000001&trial=NCT00000101").content.decode()
    assert page.count("<article") == 2 and "HLA-A*11:01." in page and "KRAS G12D mutation" in page
    assert as_alice.get("/my/trials/compare/?trial=NCT00000001&trial=NCT00000001").status_code == 302
    assert as_alice.get("/my/trials/compare/?trial=NCT00000001&trial=NCT00000999").status_code == 404


def test_a_card_says_the_same_thing_once_and_counts_the_rest() -> None:
    rules = "Inclusion Criteria:\n\n* KRAS G12D mutation\n* KRAS G12V mutation\n* KRAS G12R mutation\n* ECOG 0 or 1\n"
    store(studied("NCT00000101", rules=rules))
    card = shown_trial(registry_matches(MINE, today=TODAY).matches[0], is_checked=False)
    unknown = next(one for one in card.groups if any(rule.fit == "unknown" for rule in one.rules))
    asked = [one.question for one in unknown.rules]
    assert len(set(asked)) == len(asked) and unknown.more == sum(one.fit == "unknown" for one in card.rules) - len(asked) > 0
