"""Answers, differences, trials and questions through the API: with the small site, and for a person whose drawn records were read for real."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.models.trial import Trial
from portal.trials.ingest import ingested
from records.models import Document
from tests.api.conforming import Api, schema
from tests.api.notes import NOTE
from tests.factories import make_patient, make_read_document
from tests.portal import stand_ins
from tests.portal.registry_server import study

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosas(as_alice: Client, alice: Any) -> Api:
    """alice with one note read for real, and the real content."""
    call_command("load_content", verbosity=0)
    assert make_read_document(make_patient(alice), NOTE, name="note.txt").status == "ready"
    return Api(as_alice)


def test_everybodys_answers_need_no_account(client: Client, content: None) -> None:
    anyone = Api(client)
    (one,) = anyone.get("answers/")
    assert one["slug"] == stand_ins.SLUG
    page = anyone.get(f"answers/{stand_ins.SLUG}/")
    assert page["sections"][0]["sentences"][0]["sources"][0]["url"] == "https://example.org/study"
    assert anyone.get("answers/nothing/", status=404)["code"] == "not_found"
    assert anyone.get(f"answers/{stand_ins.SLUG}/mine/", status=403)["code"] == "not_authenticated"


def test_the_difference_is_what_the_records_changed(api: Api, read_file: Document) -> None:
    told = api.get(f"answers/{stand_ins.SLUG}/diff/")
    assert [one["passage_id"] for one in told["changes"]] == ["t-0", "t-1"]
    assert all(one["reason"] and one["evidence"] for one in told["changes"])
    assert told["same"] == 12


def test_a_trial_says_rule_by_rule_why_and_on_which_words(api: Api, read_file: Document) -> None:
    listed = api.get("trials/mine/")
    assert (listed["display"], listed["hidden"], [one["trial"]["nct"] for one in listed["results"]]) == (
        "open",
        1,
        ["NCT00000001", "NCT00000002"],
    )
    assert [one["trial"]["nct"] for one in api.get("trials/mine/?hidden=false")["results"]] == ["NCT00000001"]
    assert not api.get("trials/mine/?verdict=fits_known_rules")["results"]
    piece = api.get("trials/mine/?limit=1")
    rest = api.get(piece["next"].removeprefix("http://testserver"))
    assert [one["trial"]["nct"] for one in rest["results"]] == ["NCT00000002"] and rest["next"] is None
    assert api.get("trials/mine/?cursor=bm90aGluZw==", status=404)
    rules = api.get("trials/mine/NCT00000001/")["outcomes"]
    assert [one["fit"] for one in rules] == ["met", "met", "unknown", "unknown"]
    assert rules[0]["outcome"]["evidence"][0]["quote"] == "KRAS p.G12D"
    assert rules[3]["outcome"] is None, "what no program can read has no outcome"
    assert api.get("trials/mine/NCT99999999/", status=404)


def test_a_new_fact_or_a_changed_trial_is_in_the_next_answer(rosas: Api) -> None:
    def listed() -> list[str]:
        return [one["trial"]["nct"] for one in rosas.get("trials/mine/?limit=200")["results"]]

    before, number = listed(), rosas.get("profile/")["number"]
    assert listed() == before
    rosas.post("statements/", {"kind": "performance", "value": {"scale": "Karnofsky", "value": 60}})
    after = rosas.get("profile/")
    assert after["number"] > number and after["profile"]["karnofsky"]["value"] == 60
    Trial.objects.get(nct=before[0]).delete()
    assert set(listed()) == set(before[1:])


def test_trials_are_found_by_words_country_phase_and_status(rosas: Api) -> None:
    everything = rosas.get("trials/?limit=200")["results"]
    assert len(everything) > 3
    one = next(trial for trial in everything if trial["places"] and trial["phase"] and trial["status"])
    asked = {"q": one["nct"].lower(), "country": one["places"][0]["country"], "phase": one["phase"], "status": one["status"]}
    path = "trials/?" + "&".join(f"{name}={value.replace(' ', '%20')}" for name, value in asked.items())
    assert [found["nct"] for found in rosas.get(path)["results"]] == [one["nct"]]
    assert not rosas.get("trials/?q=no%20such%20words")["results"]
    assert rosas.get(f"trials/{one['nct']}/")["criteria"]


def test_for_a_record_that_was_read_every_answer_is_as_the_schema_says(rosas: Api) -> None:
    profile = rosas.get("profile/")["profile"]
    assert profile["primary_cancer"]["code"] == "PAAD"
    assert profile["primary_cancer"]["evidence"][0]["file"] == "note.txt"
    mine = rosas.get("answers/pancreatic/mine/")
    assert mine["is_tailored"] and mine["fact_cards"]
    assert rosas.get("answers/pancreatic/diff/")["changes"]
    questions = rosas.get("questions/")
    assert questions[0]["settles"] >= questions[-1]["settles"]
    matches = rosas.get("trials/mine/?limit=200")["results"]
    for match in matches[:5]:
        rosas.get(f"trials/mine/{match['trial']['nct']}/")
    for slug in [one["slug"] for one in rosas.get("answers/")]:
        rosas.get(f"answers/{slug}/")
    first = rosas.client.get("/api/v1/trials/mine/")
    assert rosas.get("trials/mine/", status=304, **{"If-None-Match": first["ETag"]}).content == b""


def test_every_operation_says_what_it_does_and_has_problems() -> None:
    for path, methods in schema()["paths"].items():
        for method, one in methods.items():
            assert one["description"], (method, path)
            assert {"400", "404", "429"} <= set(one["responses"]), (method, path)


def test_the_page_of_the_schema_needs_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    script = client.get("/api/v1/docs/?script=").content.decode()
    assert "swagger-ui" in page and "SwaggerUIBundle" in script
    assert "//cdn" not in page + script and "https://" not in page
    assert client.get("/api/v1/schema/").content.startswith(b"openapi: 3.1")


def study_in(nct: str, city: str, country: str, latitude: float, longitude: float) -> Any:
    made = study(nct)
    there = {"city": city, "country": country, "geoPoint": {"lat": latitude, "lon": longitude}}
    made["protocolSection"]["contactsLocationsModule"] = {"locations": [there]}
    return made


def test_the_register_stands_beside_our_list_in_the_same_shape(rosas: Api) -> None:
    ingested([study_in("NCT00000101", "Baltimore", "United States", 39.3, -76.6)], now=timezone.now())
    register = rosas.get("trials/mine/")["register"]
    (one,) = register["results"]
    assert (one["trial"]["nct"], one["verdict"], one["is_checked"], one["is_hidden"]) == ("NCT00000101", "possible_unknowns", False, False)
    assert register["more"] == 0 and all(match["is_checked"] for match in rosas.get("trials/mine/")["results"])
    assert rosas.get("trials/mine/?hidden=true")["register"]["results"] == []
    judged = rosas.get("trials/mine/NCT00000101/")
    assert judged["outcomes"] and judged["is_checked"] is False


def test_whoever_says_where_they_live_is_told_how_far_it_is(rosas: Api) -> None:
    near, far = ("NCT00000101", "Baltimore", "United States", 39.3, -76.6), ("NCT00000102", "Reykjavik", "Iceland", 64.1, -21.9)
    ingested([study_in(*near), study_in(*far)], now=timezone.now())

    def told() -> dict[str, Any]:
        found = rosas.get("trials/mine/")["register"]["results"]
        return {one["trial"]["nct"]: (one["nearest"], one["distance_km"] is not None, one["is_farther"]) for one in found}

    assert rosas.get("trials/place/") == {"country": "", "zip": "", "miles": None}
    assert told() == {"NCT00000101": ("", False, False), "NCT00000102": ("", False, False)}
    assert rosas.ask("PUT", "trials/place/", {"zip": "21201", "miles": 100}) == {"country": "United States", "zip": "21201", "miles": 100}
    assert told() == {"NCT00000101": ("Baltimore", True, False), "NCT00000102": ("Reykjavik", True, True)}
    assert rosas.get("trials/mine/NCT00000102/")["is_farther"] is True
    for wrong, status in (
        ({"zip": "00000"}, 422),
        ({"zip": "21201", "country": "Iceland"}, 422),
        ({"zip": "2120"}, 400),
        ({"miles": "9"}, 400),
    ):
        rosas.ask("PUT", "trials/place/", wrong, status=status)
    assert rosas.ask("PUT", "trials/place/", {}) == rosas.get("trials/place/") == {"country": "", "zip": "", "miles": None}
