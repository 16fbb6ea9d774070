"""Files, findings, facts and reviews through the API; every answer is held against the schema."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.api.problems import StillAtWork
from records.actions.reading import perform_waiting
from records.models import Document, Patient
from tests.api.conforming import Api
from tests.factories import ask_for_review, make_document, make_patient, make_read_document
from tests.records.paper import PICTURE, paper

pytestmark = pytest.mark.django_db


def _file(content: bytes, name: str = "report.paper") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_goes_from_sending_to_the_words_behind_its_facts(api: Api, record: Patient) -> None:
    sent = api.post("documents/", _file(paper("KRAS=positive found", "MSI=negative here")))
    assert (sent["status"], sent["pages"]) == ("received", None)
    perform_waiting()
    kept = api.get(f"documents/{sent['id']}/")
    assert (kept["status"], kept["pages"], kept["failure"]) == ("ready", 2, None)
    pages = api.get(f"documents/{sent['id']}/pages/")["results"]
    assert [one["text"].strip() for one in pages] == ["KRAS=positive found", "MSI=negative here"]
    picture = api.get(f"documents/{sent['id']}/pages/2/image/")
    assert (picture.content, picture["Content-Type"]) == (PICTURE, "image/webp")
    found = api.get(f"documents/{sent['id']}/findings/?kind=biomarker")["results"]
    assert [one["value"]["name"] for one in found] == ["KRAS", "MSI"]
    (evidence,) = api.get(f"findings/{found[1]['id']}/evidence/")
    assert (evidence["page_number"], evidence["quote"]) == (2, "MSI=negative")
    assert all(0 <= side <= 1 for box in evidence["boxes"] for side in box)
    assert api.get(f"findings/{found[1]['id']}/") == found[1]


def test_a_deleted_file_takes_its_facts_along(api: Api, read_file: Document) -> None:
    finding = api.get("findings/")["results"][0]["id"]
    assert api.ask("DELETE", f"documents/{read_file.pk}/", status=204).content == b""
    assert api.get(f"documents/{read_file.pk}/", status=404)["code"] == "not_found"
    assert api.get(f"findings/{finding}/", status=404)["code"] == "not_found"
    assert "biomarkers" not in api.get("profile/")["profile"]


def test_the_file_comes_back_as_it_was_sent(api: Api, record: Patient) -> None:
    document = make_document(record, paper("KRAS=positive"), name="my report.paper")
    back = api.client.get(f"/api/v1/documents/{document.pk}/original/")
    assert b"".join(back.streaming_content) == paper("KRAS=positive")
    assert back["Content-Disposition"] == 'attachment; filename="my report.paper"'


def test_a_locked_file_is_opened_with_its_password(api: Api, record: Patient) -> None:
    document = make_read_document(record, paper("KRAS=positive", title="LOCKED"))
    assert api.get(f"documents/{document.pk}/")["failure"]["code"] == "locked"
    assert api.post(f"documents/{document.pk}/unlock/", {}, status=400)["errors"]["password"]
    assert api.post(f"documents/{document.pk}/unlock/", {"password": "open sesame"}, status=200)["status"] == "reading"
    perform_waiting()
    assert api.get(f"documents/{document.pk}/")["status"] == "ready"


def test_a_file_that_is_no_record_is_used_when_the_person_says_so(api: Api, record: Patient) -> None:
    document = make_read_document(record, paper("BILL KRAS=positive"))
    assert api.get(f"documents/{document.pk}/")["failure"]["code"] == "not_medical"
    assert api.post(f"documents/{document.pk}/accept/", status=200)["status"] == "extracting"
    perform_waiting()
    assert api.post(f"documents/{document.pk}/retry/", status=200)["status"] == "reading"


def test_a_key_sent_twice_keeps_one_file(api: Api, record: Patient) -> None:
    headers = {"Idempotency-Key": "photo-1"}
    first = api.post("documents/", _file(paper("KRAS=positive")), **headers)
    assert api.post("documents/", _file(paper("KRAS=positive")), status=200, **headers)["id"] == first["id"]
    assert api.post("documents/", _file(paper("TP53=positive")), status=409, **headers)["code"] == "key_used_before"
    assert api.post("documents/", _file(paper("KRAS=positive")), status=409)["code"] == "duplicate"
    assert Document.objects.count() == 1


def test_a_key_is_free_again_where_the_file_was_refused_or_deleted(api: Api, record: Patient) -> None:
    headers = {"Idempotency-Key": "photo-1"}
    assert api.post("documents/", _file(b"\0\1\2\3 no paper"), status=422, **headers)["code"] == "unsupported"
    kept = api.post("documents/", _file(paper("KRAS=positive")), **headers)
    api.ask("DELETE", f"documents/{kept['id']}/", status=204)
    assert api.post("documents/", _file(paper("KRAS=positive")), **headers)["id"] != kept["id"]


def test_a_key_whose_first_request_is_still_at_work_is_told_to_wait(api: Api, record: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second request comes while the first one is being kept."""
    headers = {"Idempotency-Key": "photo-1"}
    told: list[Any] = []

    def slow(**given: Any) -> Any:
        told.append(api.post("documents/", _file(paper("KRAS=positive")), status=StillAtWork.status_code, **headers))
        monkeypatch.undo()
        return make_document(record, paper("KRAS=positive"))

    monkeypatch.setattr("records.actions.receive_document", slow)
    api.client.post("/api/v1/documents/", _file(paper("KRAS=positive")), headers=headers)
    assert [one["code"] for one in told] == ["still_at_work"]


def test_a_key_of_one_person_opens_nothing_of_another(api: Api, bobs: Api, bob: Any, record: Patient) -> None:
    make_patient(bob)
    headers = {"Idempotency-Key": "photo-1"}
    hers = api.post("documents/", _file(paper("KRAS=positive")), **headers)
    assert bobs.post("documents/", _file(paper("KRAS=positive")), **headers)["id"] != hers["id"]


def test_long_lists_come_in_pieces_and_each_row_once(api: Api, record: Patient) -> None:
    made = {str(make_document(record, paper(f"G{n}=positive")).pk) for n in range(5)}
    seen: list[str] = []
    following: str | None = "/api/v1/documents/?limit=2"
    while following:
        piece = api.get(following.removeprefix("http://testserver"))
        seen += [one["id"] for one in piece["results"]]
        following = piece["next"]
    assert len(seen) == 5 and set(seen) == made


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("documents/?stauts=ready", "stauts"),
        ("findings/?kind=gene", "kind"),
        ("findings/?limit=0", "limit"),
        ("profile/?patient=1", "patient"),
    ],
)
def test_a_filter_with_a_typo_is_refused_and_does_not_show_everything(api: Api, read_file: Document, path: str, field: str) -> None:
    refused = api.get(path, status=400)
    assert list(refused["errors"]) == [field]


def test_filters_choose(api: Api, read_file: Document) -> None:
    assert api.get("documents/?status=ready")["results"] and not api.get("documents/?status=failed")["results"]
    assert not api.get("findings/?assertion=family")["results"]


def test_a_persons_word_changes_the_profile_and_its_tag(api: Api, read_file: Document) -> None:
    response = api.client.get("/api/v1/profile/")
    tag = response["ETag"]
    assert api.get("profile/", status=304, **{"If-None-Match": tag}).content == b""
    assert api.get("profile/", status=304, **{"If-None-Match": f'"other", W/{tag}'}).content == b""
    finding = api.get("findings/")["results"][0]
    kept = api.post(f"findings/{finding['id']}/reviews/", {"decision": "corrected", "corrected": {"name": "KRAS", "status": "negative"}})
    assert (kept["by_role"], kept["corrected"]["status"]) == ("patient", "negative")
    profile = api.get("profile/", **{"If-None-Match": tag})["profile"]
    assert {one["name"]: one["status"] for one in profile["biomarkers"]}["KRAS"] == "negative"
    assert api.get("reviews/")["results"] == [kept]
    assert api.get("findings/")["results"][0]["decision"] == "corrected"
    assert api.get("findings/")["results"][0]["value"]["status"] == "positive", "what the machine found stays"


@pytest.mark.parametrize(
    "sent",
    [
        {"decision": "corrected"},
        {"decision": "confirmed", "corrected": {"status": "negative"}},
        {"decision": "maybe"},
        {"decision": "corrected", "corrected": {"name": "KRAS", "status": "surely"}},
        {"decision": "corrected", "corrected": {"name": "KRAS", "status": "negative", "colour": "red"}},
        [],
    ],
    ids=["nothing-given", "given-too-much", "no-such-decision", "no-such-status", "no-such-part", "a-list"],
)
def test_a_decision_that_does_not_fit_is_refused_by_field(api: Api, read_file: Document, sent: Any) -> None:
    finding = api.get("findings/")["results"][0]
    assert api.post(f"findings/{finding['id']}/reviews/", sent, status=400)["errors"]
    assert api.get("reviews/")["results"] == []


def test_what_a_person_tells_stands_beside_the_records(api: Api, read_file: Document) -> None:
    told = api.post("statements/", {"kind": "performance", "value": {"scale": "ECOG", "value": 1}, "date": "2026-10"})
    assert api.get("statements/")["results"] == [told]
    ecog = api.get("profile/")["profile"]["ecog"]
    assert (ecog["value"], ecog["date"], ecog["checked"]) == (1, "2026-10", "told_by_patient")


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "performance", "value": {"scale": "ECOG", "value": "much"}},
        {"kind": "performance", "value": {"scale": "ECOG", "value": {"is": 1}}},
        {"kind": "stage_group", "value": {"group": "XII"}},
        {"kind": "biomarker", "value": {"name": "KRAS", "status": "positive"}, "date": "soon"},
        {"kind": "biomarker", "value": {"name": "KRAS", "status": "positive"}, "date": "2026-02-30"},
        {"kind": "horoscope", "value": {"sign": "ram"}},
    ],
    ids=["no-number", "an-object", "no-such-stage", "no-date", "no-such-day", "no-such-kind"],
)
def test_what_does_not_fit_its_kind_is_not_kept(api: Api, read_file: Document, sent: Any) -> None:
    response = api.client.post("/api/v1/statements/", sent, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert api.get("statements/")["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"decision": NaN}',
        b'{"note": "\\ud800"}',
        b"\xff\xfe",
        b'"' + b"a" * 300_000 + b'"',
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
    ids=["cut", "deep", "nan", "half-a-character", "no-text", "large", "long-number"],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_crash(api: Api, read_file: Document, body: bytes) -> None:
    response = api.client.post("/api/v1/statements/", body, content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_who_looked_is_told_to_the_owner_alone(api: Api, bobs: Api, bob: Any, read_file: Document) -> None:
    make_patient(bob)
    bobs.get(f"documents/{read_file.pk}/", status=404)
    rows = api.get("audit/")["results"]
    assert {(one["action"], one["is_me"]) for one in rows} >= {("looked", True), ("document.received", True), ("looked", False)}
    assert {one["outcome"] for one in rows if not one["is_me"] and one["actor_role"] == "patient"} == {"refused"}
    assert not any(one["action"].startswith("document") for one in bobs.get("audit/")["results"])


def test_a_coordinator_works_through_the_queue(api: Api, carols: Api, carol: Any, read_file: Document, record: Patient) -> None:
    assert carols.get("review/")["results"] == []
    assert carols.get("profile/", status=404)["code"] == "not_found"
    review = ask_for_review(record)
    (waiting,) = carols.get("review/")["results"]
    assert (waiting["id"], waiting["taken"]) == (str(review.pk), "no")
    assert carols.post(f"review/{review.pk}/sign/", {"number": 1}, status=409)["code"] == "taken"
    assert carols.post(f"review/{review.pk}/claim/", {}, status=200)["taken"] == "by_me"
    number = api.get("profile/")["number"]
    assert carols.post(f"review/{review.pk}/sign/", {"number": number}, status=409)["code"] == "undecided"
    for one in read_file.findings.all():
        carols.post(f"findings/{one.pk}/reviews/", {"decision": "confirmed"})
    number = api.get("profile/")["number"]
    assert carols.post(f"review/{review.pk}/sign/", {"number": number + 1}, status=409)["code"] == "out_of_date"
    assert carols.post(f"review/{review.pk}/release/", status=200)["taken"] == "no"
    carols.post(f"review/{review.pk}/claim/", {"takeover": True}, status=200)
    signed = carols.post(f"review/{review.pk}/sign/", {"number": number}, status=200)
    assert signed["taken"] == "no"
    carols.get("profile/", status=404)
    assert api.get("profile/")["signed_off_at"]
    assert api.get("review/", status=403)["code"] == "permission_denied"


def test_what_is_not_there_is_a_problem_and_no_page(api: Api) -> None:
    for path in ("nothing/", f"documents/{uuid.UUID(int=1)}", "documents/not-an-id/", "two%0Alines/", "content/facts/two%0Alines/"):
        response = api.client.get(f"/api/v1/{path}", follow=True)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json"), path
