"""Where a person lives: told, kept sealed, used for the order and the distance of trials, hiding none, and forgotten when she says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal.presenters.copy import held_of
from portal.presenters.trials import distance_words, shown_lists
from portal.trials.gazetteer import point_of_zip
from records import actions
from records.exceptions import RecordsError
from records.models import AuditEvent, Patient
from records.permissions import NotVisible
from records.scope import Scope
from tests.factories import make_patient
from tests.portal import stand_ins
from tests.portal.test_registry_trials import store, studied

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

BALTIMORE = {"facility": "A hospital", "city": "Baltimore", "country": "United States", "geoPoint": {"lat": 39.29, "lon": -76.61}}
HOUSTON = {"facility": "A hospital", "city": "Houston", "country": "United States", "geoPoint": {"lat": 29.76, "lon": -95.37}}
REYKJAVIK = {"facility": "A hospital", "city": "Reykjavik", "country": "Iceland", "geoPoint": {"lat": 64.14, "lon": -21.9}}


def at(nct: str, *places: Any) -> dict[str, Any]:
    made = studied(nct)
    made["protocolSection"]["contactsLocationsModule"] = {"locations": list(places)}
    return made


@pytest.fixture
def as_alice(alice: Any) -> Client:
    make_patient(alice)
    store(at("NCT00000101", BALTIMORE, HOUSTON), at("NCT00000102", HOUSTON), at("NCT00000103", REYKJAVIK), at("NCT00000104"))
    client = Client()
    client.force_login(alice)
    return client


def near_and_far(page: str) -> tuple[set[str], set[str]]:
    """NCT numbers of the register above the list of what is farther, and in it."""
    first, _, rest = page.partition('id="farther"')
    far = rest.partition("</details>")[0]
    return tuple(
        {one for one in ("NCT00000101", "NCT00000102", "NCT00000103", "NCT00000104") if f'id="trial-{one}"' in part}
        for part in (first, far)
    )  # type: ignore[return-value]


def test_a_zip_of_an_area_and_one_of_post_boxes_are_found() -> None:
    baltimore, boxes = point_of_zip("21201"), point_of_zip("21203")
    assert baltimore is not None and abs(baltimore[0] - 39.3) < 0.1 and abs(baltimore[1] + 76.6) < 0.1
    assert boxes is not None and abs(boxes[0] - 39.3) < 0.2
    assert point_of_zip("00000") is None and point_of_zip("") is None


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0.2, "About 1 mile away"),
        (6.4, "About 4 miles away"),
        (66, "About 40 miles away"),
        (16.1, "About 10 miles away"),
        (1000, "About 600 miles away"),
    ],
)
def test_a_distance_is_rounded_as_one_would_say_it(km: float, words: str) -> None:
    assert distance_words(km) == words
    assert distance_words(km, "Baltimore") == f"{words}: Baltimore"
    assert distance_words(None) == ""


def test_what_is_farther_than_she_said_is_listed_apart_with_its_count_and_nothing_is_lost(as_alice: Client) -> None:
    before = as_alice.get("/my/trials/").content.decode()
    assert near_and_far(before) == ({"NCT00000101", "NCT00000102", "NCT00000103", "NCT00000104"}, set())
    told = as_alice.post("/my/trials/place/", {"country": "United States", "zip_code": "20850-1234", "miles": "100"})
    assert (told.status_code, told["Location"]) == (302, "/my/trials/")
    page = as_alice.get("/my/trials/").content.decode()
    assert near_and_far(page) == ({"NCT00000101", "NCT00000104"}, {"NCT00000102", "NCT00000103"})
    assert "2 trials are farther than you said" in page
    assert "About 30 miles away: Baltimore" in page and "miles away: Houston" in page
    assert "About 30 miles away: Baltimore" in as_alice.get("/my/trials/NCT00000101/").content.decode()
    assert as_alice.get("/my/trials/NCT00000102/").status_code == 200


def test_a_country_alone_parts_the_trials_of_other_countries(as_alice: Client) -> None:
    as_alice.post("/my/trials/place/", {"country": "Iceland"})
    near, far = near_and_far(as_alice.get("/my/trials/").content.decode())
    assert (near, far) == ({"NCT00000103", "NCT00000104"}, {"NCT00000101", "NCT00000102"})
    as_alice.post("/my/trials/place/", {"country": "other"})
    assert near_and_far(as_alice.get("/my/trials/").content.decode())[0] == {"NCT00000104"}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"zip_code": "2120"}, "Type the ZIP code as five digits"),
        ({"zip_code": "00000"}, "We do not know this ZIP code"),
        ({"country": "Iceland", "zip_code": "21201"}, "We know ZIP codes of the United States only"),
        ({"country": "Atlantis"}, "Choose a country from the list"),
        ({"miles": "far"}, "Type a number of miles"),
        ({"miles": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(as_alice: Client, typed: dict[str, str], error: str) -> None:
    said = as_alice.post("/my/trials/place/", typed)
    assert said.status_code == 400 and error in said.content.decode()
    assert Patient.objects.get().place is None


def test_it_is_sealed_in_the_record_part_of_the_copy_and_in_no_log(as_alice: Client, alice: Any, caplog: pytest.LogCaptureFixture) -> None:
    as_alice.post("/my/trials/place/", {"zip_code": "21201", "miles": "60"})
    patient = Patient.objects.get()
    assert patient.place == {"country": "United States", "zip": "21201", "miles": 60}
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM records_patient")
        assert b"21201" not in bytes(cursor.fetchone()[0])
    assert held_of(Scope(alice), patient)["place"] == patient.place
    event = AuditEvent.objects.get(action="place.told")
    assert (event.actor, event.outcome) == (alice.pk, "done")
    assert "21201" not in caplog.text and "21201" not in str(vars(event))


def test_she_takes_it_back(as_alice: Client) -> None:
    as_alice.post("/my/trials/place/", {"zip_code": "21201", "miles": "60"})
    assert 'value="21201"' in as_alice.get("/my/trials/").content.decode()
    as_alice.post("/my/trials/place/", {"forget": "yes", "zip_code": "21201"})
    assert Patient.objects.get().place is None
    assert "21201" not in as_alice.get("/my/trials/").content.decode()


def test_nobody_else_tells_it_and_a_wrong_value_is_refused(as_alice: Client, alice: Any, bob: Any) -> None:
    patient = Patient.objects.get()
    with pytest.raises(NotVisible):
        actions.tell_place(by=bob, patient=patient, country="Iceland")
    for wrong in ({"zip_code": "2120"}, {"country": "<b>"}, {"country": "I" * 61}, {"miles": 0}, {"miles": 12_001}):
        with pytest.raises(RecordsError):
            actions.tell_place(by=alice, patient=patient, **wrong)  # type: ignore[arg-type]
    assert Patient.objects.get().place is None
    assert AuditEvent.objects.get(action="place.told").outcome == "refused"


def test_what_does_not_fit_now_stands_in_a_list_of_its_own_with_its_count() -> None:
    found = stand_ins.matches()[0]
    lists = shown_lists([found, replace(found, is_not_now=True), replace(found, is_hidden=True)], [], 0, lambda one: True)
    assert [len(one) for one in (lists.open, lists.not_now, lists.farther)] == [1, 1, 0]
    far = shown_lists([replace(found, is_not_now=True)], [], 0, lambda one: False)
    assert [len(one) for one in (far.open, far.not_now, far.farther)] == [0, 0, 1]


def test_a_trial_names_what_to_ask_its_team(as_alice: Client) -> None:
    page = as_alice.get("/my/trials/NCT00000001/").content.decode()
    asked = page.partition("Questions for the trial team")[2].partition("</ul>")[0]
    assert "HLA-A*11:01." in asked and "Is there a free place for me now?" in asked
    assert "Stomach" not in asked and asked.count("Does this rule let me in?") == 2
