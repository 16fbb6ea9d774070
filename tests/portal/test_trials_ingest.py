"""Trials from the registry: pages, faults, what changed, what closed, and that a curator's word stays."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.models import Criterion, RegistryRecord, RegistryVisit, StatusChange, Trial
from portal.trials import current_trials
from portal.trials.registry import Query, Registry, RegistryFault
from portal.trials.shown_trials import take_up
from tests.portal.registry_server import FakeRegistry, as_json, serving, study

ONE, TWO, THREE = "NCT00000021", "NCT00000022", "NCT00000023"
RULES = "Inclusion Criteria:\n\n* Age 18 years or older\n* KRAS G12D mutation\n* A wish to sail at night\n"


@pytest.fixture
def registry(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    with serving(FakeRegistry([study(ONE), study(TWO), study(THREE)])) as made:
        settings.REGISTRY_URL = made.address
        monkeypatch.setattr("portal.trials.registry.BETWEEN", 0.0)
        yield made


def talk(registry: FakeRegistry, page_size: int = 2) -> tuple[Registry, list[float]]:
    """A conversation that notes how long it would have waited."""
    waited: list[float] = []
    return Registry(registry.address, page_size=page_size, between=0.0, sleep=waited.append), waited


def numbers(registry: FakeRegistry, query: Query | None = None, page_size: int = 2) -> list[str]:
    said, _ = talk(registry, page_size)
    return [one["protocolSection"]["identificationModule"]["nctId"] for one in said.studies(query or Query(condition="cancer"))]


def test_all_pages_are_read_with_the_same_question(registry: FakeRegistry) -> None:
    query = Query(condition="pancreatic cancer", statuses=("RECRUITING",), since=dt.date(2026, 11, 1))
    assert numbers(registry, query) == [ONE, TWO, THREE]
    first, second = (asked for _, asked in registry.asked)
    assert first["query.cond"] == "pancreatic cancer"
    assert first["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-11-01,MAX]"
    assert {**first, "pageToken": "t2"} == {**second, "countTotal": "true"}


@pytest.mark.parametrize("page_size", [1, 3])
def test_a_token_that_leads_to_an_empty_page_or_to_the_start_ends_the_reading(registry: FakeRegistry, page_size: int) -> None:
    registry.ends_in_empty_page = True
    assert numbers(registry, page_size=page_size) == [ONE, TWO, THREE]
    registry.ends_in_empty_page, registry.starts_again = False, True
    assert numbers(registry, page_size=page_size) == [ONE, TWO, THREE]


def test_it_waits_as_asked_and_longer_each_time_and_then_goes_on(registry: FakeRegistry) -> None:
    registry.mishaps.extend([(429, {"Retry-After": "7"}, b""), (503, {}, b""), (200, {}, b"<html>busy</html>"), (0, {}, b"")])
    said, waited = talk(registry, page_size=3)
    assert len(list(said.studies(Query(condition="cancer")))) == 3
    assert waited[0] == 7.0
    assert [wanted <= one <= wanted * 1.25 for one, wanted in zip(waited[1:], (2, 4, 8), strict=True)] == [True] * 3


def test_after_six_tries_it_says_so(registry: FakeRegistry) -> None:
    registry.mishaps.extend([(500, {}, b"")] * 6)
    said, waited = talk(registry)
    with pytest.raises(RegistryFault, match="did not answer /version after 6 tries: status 500"):
        said.data_timestamp()
    assert (len(registry.asked), len(waited)) == (6, 5)


def test_a_question_that_is_refused_is_not_asked_again(registry: FakeRegistry) -> None:
    registry.mishaps.append((400, {}, b"no such parameter"))
    with pytest.raises(RegistryFault, match=r"refused /studies: status 400"):
        list(talk(registry)[0].studies(Query(condition="cancer")))
    assert len(registry.asked) == 1


def test_a_malformed_number_does_not_take_its_batch_with_it(registry: FakeRegistry) -> None:
    assert numbers(registry, Query(ncts=(ONE, "NCT12", THREE))) == [ONE, THREE]


def test_an_old_number_leads_to_the_study(registry: FakeRegistry) -> None:
    registry.studies = [study(ONE, nctIdAliases=["NCT00000009"])]
    assert talk(registry)[0].study("NCT00000009") == study(ONE, nctIdAliases=["NCT00000009"])


def test_requests_keep_their_distance() -> None:
    now = [100.0]
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    with serving(FakeRegistry([study(ONE), study(TWO)])) as made:
        said = Registry(made.address, page_size=1, between=1.0, sleep=sleep, clock=lambda: now[0])
        assert len(list(said.studies(Query(condition="cancer")))) == 2
    assert waited == [1.0]


def run(capsys: pytest.CaptureFixture[str], **options: Any) -> list[str]:
    call_command("ingest_trials", **options)
    return capsys.readouterr().out.splitlines()


@pytest.mark.django_db
def test_records_are_kept_as_they_came_and_the_second_visit_asks_for_what_is_newer(
    registry: FakeRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, condition="pancreatic cancer")[0] == "3 new, 0 changed, 0 same, 0 older, 0 malformed"
    assert [one.study for one in RegistryRecord.objects.all()] == registry.studies
    assert {one.data_timestamp for one in RegistryRecord.objects.all()} == {"2026-11-24T09:00:05"}
    registry.asked.clear()
    assert run(capsys, condition="pancreatic cancer")[0] == "0 new, 0 changed, 3 same, 0 older, 0 malformed"
    assert registry.asked[1][1]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-11-23,MAX]"
    assert RegistryVisit.objects.get().query == "query.cond=pancreatic cancer"


@pytest.mark.django_db
def test_a_visit_that_breaks_off_keeps_what_came_and_starts_again_next_time(
    registry: FakeRegistry, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.trials.registry.PAGE_SIZE", 2)
    monkeypatch.setattr("portal.trials.registry.FIRST_WAIT", 0.0)
    monkeypatch.setattr(
        FakeRegistry, "_page", lambda self, asked: as_json({"studies": [study(ONE)], "nextPageToken": "x"} if "countTotal" in asked else {})
    )
    with pytest.raises(CommandError, match="What came before is stored"):
        call_command("ingest_trials", condition="cancer")
    assert [one.nct for one in RegistryRecord.objects.all()] == [ONE]
    assert not RegistryVisit.objects.exists()


def load(tmp_path: Path, *studies: Any, name: str = "page.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps({"studies": list(studies)}), encoding="utf-8")
    return path


BROKEN = [
    "no study",
    None,
    [],
    {"protocolSection": {}},
    {"protocolSection": {"identificationModule": {"nctId": "NCT12"}}},
    {"protocolSection": {"identificationModule": {"briefTitle": "about NCT00000077"}}},
]
ODD = {
    "protocolSection": {
        "identificationModule": {"nctId": TWO, "briefTitle": ["a", "list"]},
        "statusModule": "gone",
        "conditionsModule": {"conditions": 7},
        "eligibilityModule": [1],
        "contactsLocationsModule": {"locations": {"city": "x"}},
    }
}


@pytest.mark.django_db
def test_broken_records_are_named_and_the_rest_is_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, file=[load(tmp_path, *BROKEN, study(ONE), ODD)])
    assert said[0] == "2 new, 0 changed, 0 same, 0 older, 6 malformed"
    assert "NCT00000077: a study without an NCT number (malformed)" in said
    assert "record 5: NCT12 is not NCT and 8 digits (malformed)" in said
    assert f"{TWO}: lacks title, eligibility, status, updated_on, conditions (partial)" in said
    assert {one.nct: one.study for one in RegistryRecord.objects.all()} == {ONE: study(ONE), TWO: ODD}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz", "page.json", "page.json.gz"])
def test_files_of_each_form_load_and_go_out_as_they_came(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    flat = {"nct": THREE, "title": "Flat ≥ 😀", "status": "Active, not recruiting", "updated": "2025-03", "eligibility": None}
    studies = [study(ONE), study(TWO), flat]
    text = "\n".join(map(json.dumps, studies)) if "jsonl" in name else json.dumps(studies)
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    run(capsys, file=[path])
    run(capsys, export=tmp_path / "out.jsonl")
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()] == studies
    assert RegistryRecord.objects.get(nct=THREE).status == "ACTIVE_NOT_RECRUITING"


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "{", "not json"])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "page.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"page\.json is not JSON"):
        call_command("ingest_trials", file=[path])
    with pytest.raises(CommandError, match=r"There is no file"):
        call_command("ingest_trials", file=[tmp_path / "none.json"])


def shown(nct: str = ONE, **more: Any) -> Trial:
    return Trial.objects.create(
        **{"nct": nct, "title": "Ours", "what_is_tested": "Cells.", "status": "RECRUITING", "status_on": dt.date(2026, 10, 1)} | more
    )


@pytest.mark.django_db
def test_a_trial_that_closed_since_yesterday_is_shown_as_closed(registry: FakeRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    shown()
    run(capsys)
    assert current_trials()[0].status == "RECRUITING"
    registry.timestamp = "2026-11-25T09:00:00"
    registry.studies[0] = study(ONE, "COMPLETED", "2026-11-24")
    assert f"{ONE}: closed" in run(capsys)
    now = current_trials()[0]
    assert (now.status, str(now.updated_on)) == ("COMPLETED", "2026-11-25")
    history = StatusChange.objects.filter(record_id=ONE).values_list("status", "known_on")
    assert list(history) == [("RECRUITING", dt.date(2026, 11, 24)), ("COMPLETED", dt.date(2026, 11, 25))]


@pytest.mark.django_db
def test_our_trials_are_asked_for_by_number_and_one_that_is_gone_is_named(
    registry: FakeRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    shown()
    shown("NCT00000099")
    assert "NCT00000099: the registry does not know this number." in run(capsys)
    assert registry.asked[1][1]["filter.ids"] == f"{ONE},NCT00000099"
    assert RegistryRecord.objects.count() == 1


@pytest.mark.django_db
def test_an_older_file_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(status="COMPLETED", status_on=dt.date(2026, 11, 20))
    run(capsys, file=[load(tmp_path, study(ONE, "COMPLETED", "2026-11-20"))])
    said = run(capsys, file=[load(tmp_path, study(ONE, "RECRUITING", "2024-05"))])
    assert said[0] == "0 new, 0 changed, 0 same, 1 older, 0 malformed"
    assert Trial.objects.get().status == "COMPLETED"
    assert RegistryRecord.objects.get().status == "COMPLETED"


@pytest.mark.django_db
def test_a_line_of_a_few_fields_does_not_replace_a_whole_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, file=[load(tmp_path, study(ONE))])
    assert run(capsys, file=[load(tmp_path, {"nct": ONE, "title": "Flat", "status": "Recruiting"})])[0].startswith(
        "0 new, 0 changed, 0 same, 1 older"
    )
    assert RegistryRecord.objects.get().study == study(ONE)
    assert run(capsys, file=[load(tmp_path, {"nct": ONE, "title": "Flat", "updated": "2026-11-20"})])[0].startswith("0 new, 1 changed")


@pytest.mark.django_db
def test_an_old_status_does_not_replace_what_was_known_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(status="TERMINATED", status_on=dt.date(2026, 11, 20))
    run(capsys, file=[load(tmp_path, study(ONE, "RECRUITING", "2025-01-15"))])
    assert (Trial.objects.get().status, Trial.objects.get().status_on) == ("TERMINATED", dt.date(2026, 11, 20))


@pytest.fixture
def taken_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    run(capsys, file=[load(tmp_path, study(ONE, rules=RULES))])
    return take_up(RegistryRecord.objects.get())


@pytest.mark.django_db
def test_a_record_that_is_taken_up_brings_its_rules_and_waits_for_an_editor(taken_up: Trial) -> None:
    assert (taken_up.is_shown, taken_up.status, taken_up.conditions, taken_up.phase) == (False, "RECRUITING", ["pancreatic_cancer"], "1/2")
    rows = {one.sentence: one.rule for one in taken_up.criteria.all()}
    assert rows["KRAS G12D mutation"] == {"predicate": "biomarker", "op": "variant_in", "value": ["G12D"], "sub": "KRAS"}
    assert rows["A wish to sail at night"] is None
    assert [one.city for one in taken_up.sites.all()] == ["Akureyri"]
    assert take_up(RegistryRecord.objects.get()).criteria.count() == len(rows)


@pytest.mark.django_db
def test_a_correction_survives_and_is_marked_when_its_sentence_changes(
    taken_up: Trial, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Criterion.objects.get(registry_sentence="KRAS G12D mutation")
    own.sentence, own.question = "The tumor has KRAS G12D.", "Was KRAS tested?"
    own.save()
    run(capsys, file=[load(tmp_path, study(ONE, updated="2026-11-05", rules=RULES + "* ECOG 0 or 1\n"))])
    own.refresh_from_db()
    assert (own.sentence, own.is_to_check) == ("The tumor has KRAS G12D.", False)
    assert Criterion.objects.filter(sentence="ECOG 0 or 1").count() == 1
    changed = RULES.replace("KRAS G12D mutation", "KRAS G12V mutation").replace("to sail at night", "to row by day")
    said = run(capsys, file=[load(tmp_path, study(ONE, updated="2026-11-09", rules=changed))])
    own.refresh_from_db()
    assert own.is_to_check and f"{ONE}: rules to look at" in said
    assert set(Criterion.objects.values_list("sentence", flat=True)) == {
        "Made-up cells for pancreatic cancer", "Age 18 years or older", "The tumor has KRAS G12D.", "KRAS G12V mutation", "A wish to row by day",
    }  # fmt: skip
    run(capsys, file=[load(tmp_path, study(ONE, updated="2026-11-12", rules=RULES))])
    own.refresh_from_db()
    assert not own.is_to_check


@pytest.mark.django_db
def test_a_rule_that_a_curator_took_away_does_not_come_back(taken_up: Trial, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Criterion.objects.get(sentence="A wish to sail at night").delete()
    run(capsys, file=[load(tmp_path, study(ONE, updated="2026-11-05", rules=RULES + "* ECOG 0 or 1\n"))])
    assert not Criterion.objects.filter(sentence="A wish to sail at night").exists()


@pytest.mark.django_db
def test_rules_in_our_own_words_stay_and_the_trial_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shown()
    Criterion.objects.create(
        trial=made, kind="inclusion", sentence="You are 18 or older.", rule={"predicate": "age", "op": "at_least", "value": 18}
    )
    run(capsys, file=[load(tmp_path, study(ONE))])
    said = run(capsys, file=[load(tmp_path, study(ONE, updated="2026-11-09", rules=RULES))])
    made.refresh_from_db()
    assert (made.rules_changed_on, f"{ONE}: rules to look at" in said) == (dt.date(2026, 11, 9), True)
    assert [one.sentence for one in made.criteria.all()] == ["You are 18 or older."]


def test_an_admin_asks_the_registry_again_and_takes_a_record_up(as_admin: Client, registry: FakeRegistry) -> None:
    shown(status="UNKNOWN")
    asked = {"action": "ask_registry", "_selected_action": ONE}
    answer = as_admin.post("/admin/portal/trial/", asked, follow=True)
    assert "1 new" in answer.content.decode()
    assert Trial.objects.get().status == "RECRUITING"
    page = as_admin.get(f"/admin/portal/registryrecord/{ONE}/change/").content.decode()
    assert "Age 18 years or older" in page and "RECRUITING" in page
    Trial.objects.all().delete()
    as_admin.post("/admin/portal/registryrecord/", {"action": "take_up_records", "_selected_action": ONE}, follow=True)
    assert Trial.objects.get().criteria.count() == 2


def test_an_admin_is_told_when_the_registry_does_not_answer(as_admin: Client, registry: FakeRegistry) -> None:
    shown()
    registry.mishaps.append((403, {}, b""))
    answer = as_admin.post("/admin/portal/trial/", {"action": "ask_registry", "_selected_action": ONE}, follow=True)
    assert "The registry refused /version" in answer.content.decode()
