"""Facts that the machine missed: marked on the page by a coordinator, and what stands beside a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from portal.locating import box_of, spans_in, spans_of, words_of
from records import actions
from records.exceptions import RecordsError
from records.models import Document, Finding, Patient, Profile, ReviewRequest
from records.reading.page import Box, Source, make_page
from tests.factories import ask_for_review, make_document, make_patient, make_read_document
from tests.records.paper import paper

COLUMNS = make_page(
    number=1,
    width=600,
    height=800,
    source=Source.OCR,
    lines=[
        [("HLA", Box(0.1, 0.1, 0.2, 0.12), 0.9), ("type", Box(0.22, 0.1, 0.3, 0.12), 0.9), ("CA", Box(0.6, 0.1, 0.64, 0.12), 0.9)],
        [("A*02:01", Box(0.1, 0.14, 0.25, 0.16), 0.9), ("19-9", Box(0.6, 0.14, 0.7, 0.16), 0.9)],
    ],
)


def test_a_box_holds_the_words_whose_middle_is_in_it_and_no_other_column() -> None:
    assert words_of(COLUMNS, spans_in(COLUMNS, Box(0.05, 0.08, 0.4, 0.2))) == "HLA type … A*02:01"
    assert words_of(COLUMNS, spans_in(COLUMNS, Box(0.05, 0.08, 1, 0.2))) == "HLA type CA A*02:01 19-9"
    assert spans_in(COLUMNS, Box(0.4, 0.5, 0.6, 0.9)) == ()


@pytest.mark.parametrize(
    ("quote", "found"), [("hla  TYPE", "HLA type"), ("ca a*02:01", "CA A*02:01"), ("type HLA", ""), ("  ", ""), (".*", "")]
)
def test_typed_words_are_found_whatever_their_case_and_spaces(quote: str, found: str) -> None:
    assert words_of(COLUMNS, spans_of(COLUMNS, quote)) == found


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "0.1,0.2,0.3,nan", "1e9,0,1,1", "0.1,0.2,0.3,0.4,0.5"])
def test_what_is_no_box_is_none(text: str) -> None:
    assert box_of(text) is None
    assert box_of("0.3,0.2,0.1,0.4") == Box(0.1, 0.2, 0.3, 0.4)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


@pytest.fixture
def missed(record: Patient, as_carol: Client) -> tuple[ReviewRequest, Document]:
    """A file with words that the machine made no fact of, at the bench of carol."""
    document = make_read_document(record, paper("HLA type A-0201 was seen", "MSI=negative here"), name="alice-report.pdf")
    request = ask_for_review(record)
    as_carol.post(f"/review/{request.pk}/claim/")
    return request, document


MARKED = {"quote": "HLA type A-0201", "kind": "hla"}


def test_words_on_the_page_become_a_fact_with_its_evidence(as_carol: Client, missed: tuple[ReviewRequest, Document], carol: Any) -> None:
    request, document = missed
    path = f"/review/{request.pk}/add/{document.pk}/1/"
    assert "page-words" in as_carol.get(path).content.decode()
    asked = as_carol.post(path, MARKED)
    assert "“HLA type A-0201”" in asked.content.decode() and "hit-current" in asked.content.decode()
    then = as_carol.post(path, {**MARKED, "allele": "A*02:01", "do": "add"})
    added = Finding.objects.get(kind="hla")
    assert then.headers["Location"] == f"/review/{request.pk}/?at={added.pk}"
    assert [one.quote for one in added.evidence.all()] == ["HLA type A-0201"] and added.value == {"allele": "A*02:01"}
    assert [(one.decision, one.by) for one in added.reviews.all()] == [("confirmed", carol)]
    assert "A*02:01" in str(Profile.objects.get(is_current=True).content)
    assert "1 of 2 checked" in as_carol.get(f"/review/{request.pk}/").content.decode()


def test_a_drawn_box_goes_before_what_is_typed(as_carol: Client, missed: tuple[ReviewRequest, Document]) -> None:
    request, document = missed
    path = f"/review/{request.pk}/add/{document.pk}/1/"
    as_carol.post(path, {**MARKED, "box": "0.19,0.05,0.29,0.2", "allele": "A*02:01", "do": "add"})
    assert [one.quote for one in Finding.objects.get(kind="hla").evidence.all()] == ["A-0201"]


@pytest.mark.parametrize(
    "wrong", [{"quote": "not on the page"}, {"quote": ""}, {"kind": "horoscope"}, {"kind": "situation"}, {"box": "0,0.9,1,1"}]
)
def test_what_is_not_on_the_page_becomes_no_fact(as_carol: Client, missed: tuple[ReviewRequest, Document], wrong: dict[str, str]) -> None:
    request, document = missed
    path = f"/review/{request.pk}/add/{document.pk}/1/"
    refused = as_carol.post(path, {**MARKED, "allele": "A*02:01", "do": "add", **wrong})
    assert refused.status_code == 400 and "<title>Error: " in refused.content.decode()
    assert not Finding.objects.filter(kind="hla").exists()


def test_undo_after_adding_rejects_the_fact_and_reading_again_keeps_it_so(
    as_carol: Client, missed: tuple[ReviewRequest, Document], record: Patient
) -> None:
    request, document = missed
    before = Profile.objects.get(is_current=True).content
    as_carol.post(f"/review/{request.pk}/add/{document.pk}/1/", {**MARKED, "allele": "A*02:01", "do": "add"})
    added = Finding.objects.get(kind="hla")
    as_carol.post(f"/review/{request.pk}/undo/", {"finding": str(added.pk)})
    assert Profile.objects.get(is_current=True).content == before
    as_carol.post(f"/review/{request.pk}/undo/", {"finding": str(added.pk)})
    actions.retry_document(by=record.account, document=document)
    actions.reading.perform_waiting()
    assert "A*02:01" in str(Profile.objects.get(is_current=True).content), "a new reading leaves a person's word alone"


def test_the_same_words_twice_are_one_fact(carol: Any, missed: tuple[ReviewRequest, Document]) -> None:
    _request, document = missed
    page = document.pages.get(number=1)
    given: dict[str, Any] = {"by": carol, "page": page, "kind": "hla", "value": {"allele": "A*02:01"}}
    one = actions.add_finding(**given, spans=[(0, 8)])
    assert actions.add_finding(**given, spans=[(0, 8)]) == one
    for spans in ([], [(5, 5)], [(0, 10**6)], [(-1, 3)]):
        with pytest.raises(RecordsError, match="invalid_value"):
            actions.add_finding(**given, spans=spans)


@pytest.fixture
def torn(record: Patient, as_carol: Client) -> tuple[ReviewRequest, Finding, Finding]:
    """Two files that disagree."""
    one = make_read_document(record, paper("KRAS=positive", title="1"), name="first.pdf")
    two = make_read_document(record, paper("KRAS=negative", title="2"), name="second.pdf")
    request = ask_for_review(record)
    as_carol.post(f"/review/{request.pk}/claim/")
    return request, one.findings.get(), two.findings.get()


def test_from_one_side_of_a_conflict_to_the_other_and_both_at_once(as_carol: Client, torn: tuple[ReviewRequest, Finding, Finding]) -> None:
    request, one, two = torn
    for here, there in ((one, two), (two, one)):
        text = as_carol.get(f"/review/{request.pk}/?at={here.pk}").content.decode()
        assert re.findall(r'at=([0-9a-f-]{36})" data-key="c"', text) == [str(there.pk)]
    beside = f"?at={one.pk}&beside={two.document_id}:1"
    assert beside.replace("&", "&amp;") in as_carol.get(f"/review/{request.pk}/?at={one.pk}").content.decode()
    text = as_carol.get(f"/review/{request.pk}/{beside}").content.decode()
    pictures = [f"/records/{file.document_id}/pages/1/" for file in (one, two)]
    assert [text.index(picture) for picture in pictures] == sorted(text.index(picture) for picture in pictures)
    assert f'data-item="{two.pk}"' in text and text.count("bench-picture") == 2


def test_nothing_of_another_person_is_put_beside(as_carol: Client, torn: tuple[ReviewRequest, Finding, Finding], bob: Any) -> None:
    request, one, _two = torn
    his = make_patient(bob)
    other = make_read_document(his, paper("TP53=positive"))
    ask_for_review(his)
    for page in (f"{other.pk}:1", f"{one.document_id}:9", "nonsense:1"):
        assert as_carol.get(f"/review/{request.pk}/?beside={page}").status_code == 404, page
    for page in ("nonsense", "", f"{one.document_id}:x"):
        assert as_carol.get(f"/review/{request.pk}/?beside={page}").status_code == 200, page


def test_a_record_without_facts_shows_its_pages(as_carol: Client, record: Patient) -> None:
    document = make_document(record, paper("nothing the machine knows"), name="alice-report.pdf")
    actions.reading.perform_waiting()
    request = ask_for_review(record)
    as_carol.post(f"/review/{request.pk}/claim/")
    text = as_carol.get(f"/review/{request.pk}/?beside={document.pk}:1").content.decode()
    assert f"/review/{request.pk}/add/{document.pk}/1/" in text
