"""A file in pieces over the API, begun again after the line broke; and bodies that only look like what the schema says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from portal.api.facts import fact_of
from portal.tokens import make_token
from records.models import Arrival, Document, Patient
from tests.api.conforming import Api
from tests.records.paper import paper

pytestmark = pytest.mark.django_db
CONTENT = paper("KRAS=positive", title="in pieces")
FIRST, REST = CONTENT[:10], CONTENT[10:]


def _begin(api: Api) -> Any:
    return api.post("arrivals/", {"name": "report.txt", "byte_size": len(CONTENT), "label": "scan-1"}, status=200)


def test_a_file_in_pieces_goes_on_where_it_stopped(api: Api, reader: Any, record: Patient) -> None:
    place = f"arrivals/{_begin(api)['id']}"
    assert api.ask("PUT", f"{place}/piece/?at=0", FIRST)["kept"] == 10
    assert _begin(api)["kept"] == 10, "the same file again goes on"
    assert api.post(f"{place}/finish/", status=409)["code"] == "incomplete"
    assert api.ask("PUT", f"{place}/piece/?at=3", b"again")["kept"] == 10, "a piece that is not the next changes nothing"
    assert api.ask("PUT", f"{place}/piece/?at=10", REST + b"more", status=409)["code"] == "incomplete"
    assert api.ask("PUT", f"{place}/piece/?at=10", REST)["is_whole"]
    document = api.post(f"{place}/finish/")
    assert (document["name"], document["byte_size"]) == ("report.txt", len(CONTENT))
    assert b"".join(api.get(f"documents/{document['id']}/original/").streaming_content) == CONTENT
    api.get(f"{place}/", status=404)
    assert not Arrival.objects.exists()


def test_pieces_that_are_none_are_refused(api: Api, bobs: Api, record: Patient) -> None:
    place = f"arrivals/{_begin(api)['id']}"
    for path, body in ((f"{place}/piece/", FIRST), (f"{place}/piece/?at=x", FIRST), (f"{place}/piece/?at=0", b"x" * (1 << 20) + b"x")):
        assert api.ask("PUT", path, body, status=400)["code"] in ("invalid", "parse_error")
    api.ask("PUT", f"{place}/piece/?at=0", {"kept": 1}, status=415)
    bobs.ask("PUT", f"{place}/piece/?at=0", FIRST, status=404)
    assert api.get(f"{place}/")["kept"] == 0


def test_what_was_sent_before_is_a_conflict(api: Api, read_file: Document, record: Patient) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for status in (201, 409):
        api.post("documents/", {"file": SimpleUploadedFile("a.txt", CONTENT)}, status=status)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("performance", {"scale": "ECOG", "value": "1"}),
        ("performance", {"scale": "ECOG", "value": True}),
        ("performance", {"scale": "ECOG", "value": 101}),
        ("biomarker", {"name": "   ", "status": "positive"}),
        ("biomarker", {"name": 7, "status": "positive"}),
        ("treatment", {"name": "FOLFIRINOX", "status": "given", "start": "2025-02-29"}),
        ("tnm", {}),
        ("tnm", {"t": None}),
        ("age", {"age": float("inf")}),
    ],
)
def test_a_value_that_only_looks_right_is_refused(kind: str, typed: dict[str, Any]) -> None:
    from rest_framework.exceptions import ValidationError

    with pytest.raises(ValidationError):
        fact_of(kind, typed)


def test_a_day_that_there_is_in_a_leap_year_fits() -> None:
    value, on = fact_of("treatment", {"name": "FOLFIRINOX", "status": "given", "start": "2024-02-29"}, date="2024")
    assert (value["start"], on) == ("2024-02-29", "2024")


def test_a_correction_that_belongs_to_another_kind_is_a_conflict(api: Api, read_file: Document) -> None:
    finding = api.get("findings/")["results"][0]["id"]
    said = {"decision": "corrected", "corrected": {"scale": "ECOG", "value": 1}}
    assert api.post(f"findings/{finding}/reviews/", said, status=409)["code"] == "another_kind"
    said["corrected"] = {"name": "KRAS", "status": "much"}
    assert api.post(f"findings/{finding}/reviews/", said, status=400)["errors"]


def test_a_token_beside_a_session_is_refused(alice: Any, as_alice: Client, record: Patient) -> None:
    secret = make_token(user=alice, name="Phone", scopes=["read"], days=1)[1]
    answer = as_alice.get("/api/v1/documents/", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "two_sign_ins")
