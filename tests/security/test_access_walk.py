"""Every URL of the site as nobody, as another patient and as a coordinator without a grant. A URL that is in no list fails."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import get_resolver
from django.utils import timezone

from records import actions
from records.models import AuditEvent, Document, Patient
from tests.conftest import _person
from tests.factories import VERSION, make_patient, make_read_document
from tests.records.paper import paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
CANARIES = (b"canary-of-alice", b"CANARYGENE")
SLUG = "pancreatic"

PUBLIC = {
    "home", "answer", "shared_summary", "words", "guidelines", "services", "changes", "help", "privacy", "start", "alive", "ready",
    "choose_language",
}  # fmt: skip
OWN = {
    "account", "upload", "arriving", "records", "progress", "facts", "decide", "add_fact", "my_answer_start", "my_trials", "my_trial",
    "compare_trials", "save_trial", "trial_place", "my_privacy", "notices", "sharing", "choose_record", "questions", "consent", "export",
    "delete_all", "my_answer", "my_print", "my_summary",
}  # fmt: skip
HERS = {
    "document",
    "piece",
    "unlock",
    "accept",
    "retry",
    "delete",
    "original",
    "page_image",
    "proof",
    "correct",
    "answer_question",
    "end_sharing",
}
GUESSED = {"invited"}  # who has not the secret of the link finds nothing there
TEAM = {"review_queue"}
NEITHER = {
    "scores",
    "support",
    "support_log",
    "support_open",
    "support_retry",
    "support_access",
    "support_access_end",
}  # for who leads the team, and for administrators
SUPPORT_HERS = {"support_record", "support_end", "support_trials", "support_trial"}
TEAM_HERS = {
    "bench", "claim", "release", "bench_decide", "bench_undo", "bench_ask", "sign_off", "bench_correct", "bench_add", "bench_trials", "bench_trial",
    "api:claim", "api:release", "api:sign",
}  # fmt: skip
API_PUBLIC = {"api:schema", "api:docs", "api:answers", "api:answer", "api:trials"}
API_ABSENT = {"api:trial", "api:missing"}
TOKEN_ONLY = {"metrics"}  # no person's, whoever is signed in
API_TEAM = {"api:queue"}
API_EDITORS = {
    "api:content_passages", "api:content_passage", "api:content_passage_changes", "api:content_facts", "api:content_fact",
    "api:content_fact_changes", "api:content_sources", "api:content_source", "api:content_glossary", "api:content_term",
    "api:content_changes", "api:content_change", "api:content_publish", "api:content_send_back",
}  # fmt: skip
API_ACCOUNT = {"api:tokens", "api:webhooks"}
API_FRESH = {"api:export_fhir", "api:export_csv", "api:export_json"}
API_OWN = {
    "api:documents", "api:profile", "api:all_findings", "api:all_reviews", "api:statements", "api:questions", "api:audit",
    "api:arrivals", "api:my_answer", "api:diff", "api:my_trials", "api:my_trial", "api:trial_place", "api:token", "api:webhook",
}  # fmt: skip
API_HERS = {
    "api:document", "api:unlock", "api:accept", "api:retry", "api:original", "api:pages", "api:page_image", "api:findings",
    "api:finding", "api:evidence", "api:reviews", "api:arrival", "api:arrival_piece", "api:arrival_finish",
}  # fmt: skip
AWAY = {"nobody": ("/accounts/login/",), "carol": ("/start/", "/accounts/reauthenticate/")}
LISTED = (
    NEITHER
    | SUPPORT_HERS
    | PUBLIC
    | OWN
    | HERS
    | GUESSED
    | TEAM
    | TEAM_HERS
    | API_PUBLIC
    | API_ABSENT
    | TOKEN_ONLY
    | API_TEAM
    | API_EDITORS
    | API_ACCOUNT
    | API_FRESH
    | API_OWN
    | API_HERS
)


@dataclass(frozen=True)
class Url:
    """A URL of the map: its name, and an example that points at alice's rows."""

    name: str
    path: str

    @property
    def is_of_accounts(self) -> bool:
        return self.path.startswith("/accounts/")

    @property
    def is_of_admin(self) -> bool:
        return self.path.startswith("/admin/")


@dataclass(frozen=True)
class Hers:
    """alice's rows by the names that URLs give them."""

    patient: Patient
    examples: dict[str, str]


@pytest.fixture
def hers(alice: Any, carol: Any, reader: Any) -> Hers:
    """alice sent one file and asked for a review, then took her consent to the review back: carol has no grant."""
    patient = make_patient(alice, consents=("reading", "review"))
    document = make_read_document(patient, paper("CANARYGENE=positive"), name="canary-of-alice.pdf")
    review = actions.request_review(by=alice, patient=patient)
    question = actions.ask_patient(by=carol, request=review, text="canary-of-alice asked")
    actions.withdraw_consent(by=alice, patient=patient, purpose="review")
    fay, until = _person("fay@example.org", "patient"), timezone.now() + dt.timedelta(days=3)
    grant = actions.grant_access(by=alice, patient=patient, to=fay, rights=set(), until=until)
    finding = document.findings.get()
    arrival = actions.begin_arrival(by=alice, patient=patient, name="canary-of-alice.pdf", byte_size=9, label="")
    support = actions.open_support(
        by=_person("root@example.org", "admin"), record=patient.pk, reason="canary-of-alice asked for help", minutes=15
    )
    return Hers(
        patient,
        {
            "access": str(support.pk),
            "document": str(document.pk),
            "finding": str(finding.pk),
            "review": str(review.pk),
            "question": str(question.pk),
            "what": "grant",
            "entry": str(grant.pk),
            "arrival": str(arrival.pk),
        },
    )


def all_urls(examples: dict[str, str]) -> Iterator[Url]:
    for pattern, name in _patterns(get_resolver().url_patterns):
        yield Url(name, "/" + _example(pattern, examples))


def _patterns(patterns: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _patterns(one.url_patterns, path, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield path, space + (one.name or "")


def _example(pattern: str, examples: dict[str, str]) -> str:
    known = {
        "slug": SLUG,
        "number": "1",
        "kind": "biomarker",
        "nct": "NCT00000001",
        "purpose": "review",
        "object_id": "1",
        "token": str(uuid.UUID(int=1)),
        "webhook": str(uuid.UUID(int=1)),
        "pk": "1",
        **examples,
    }
    pattern = re.sub(r"\(\?P<\w+>(?:[^()\[\]]|\[[^\]]*\])*\)", "x", pattern)
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "1"), pattern)
    return re.sub(r"[\^$]|\\Z|\(\?|\.\*\)", "", pattern)


def answers(client: Client, path: str) -> dict[str, Any]:
    """What comes of looking, and of sending an empty form (JSON to the API)."""
    kind = "application/json" if path.startswith("/api/") and not path.endswith("/documents/") else MULTIPART_CONTENT
    return {"GET": client.get(path), "POST": client.post(path, {}, content_type=kind)}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_every_url_is_in_a_list(hers: Hers) -> None:
    urls = [one for one in all_urls(hers.examples) if not one.is_of_accounts and not one.is_of_admin]
    assert {one.name for one in urls} == LISTED


def expected(url: Url, who: str) -> set[int]:
    """Statuses that may come back. 405: the URL knows only the other method, whoever asks."""
    sent_away, absent, refused = {302, 405}, {404, 405}, {403, 405}
    if url.is_of_admin:
        return {302, 404, 405} if url.name != "admin:login" else {200, 302}
    if url.is_of_accounts:
        return {200, 302, 400, 404, 405}
    if url.name in PUBLIC | API_PUBLIC or (url.name == "account" and who != "nobody"):
        return {200, 404, 405} if url.name in ("shared_summary", "choose_language") else {200, 405}
    if url.name in API_ABSENT | TOKEN_ONLY:
        return absent
    if who == "nobody":
        return refused if url.name.startswith("api:") else sent_away
    if url.name in SUPPORT_HERS | HERS | GUESSED | API_HERS | TEAM_HERS:
        return absent
    if url.name in NEITHER | API_EDITORS | TEAM | API_TEAM:
        return {200, 405} if who == "carol" and url.name in TEAM | API_TEAM else refused
    if url.name in API_FRESH:
        return refused | absent
    if url.name in API_OWN | API_ACCOUNT:
        return {200, 400, 404, 405} if who == "bob" or url.name in API_ACCOUNT else {403, 404, 405}
    return {200, 286, 302, 400, 404, 405} if who == "bob" else {302, 403, 404, 405}


@pytest.mark.parametrize("who", ["nobody", "bob", "carol"])
def test_nobody_gets_at_alices_rows(hers: Hers, who: str, bob: Any, carol: Any, sign_in: Callable[[Any], Client]) -> None:
    make_patient(bob)
    before = _rows()
    wrong = []
    for url in all_urls(hers.examples):
        # a client for each, for some of these URLs end the session
        client = Client() if who == "nobody" else sign_in({"bob": bob, "carol": carol}[who])
        for method, response in answers(client, url.path).items():
            text = body(response)
            if response.status_code not in expected(url, who) or any(one in text for one in CANARIES):
                wrong.append((method, url.path, url.name, response.status_code))
            if response.status_code == 302 and not url.is_of_accounts and not url.is_of_admin and who != "bob":
                assert response["Location"].startswith(AWAY[who]), url
    assert not wrong
    assert _rows() == before, "nothing of alice's changed"


def _rows() -> list[Any]:
    return [list(Document.objects.filter(patient__account__email="alice@example.org").values_list("pk", "status", "name"))]


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_anothers_row_looks_like_one_that_does_not_exist(
    hers: Hers, who: str, bob: Any, carol: Any, sign_in: Callable[[Any], Client]
) -> None:
    client = sign_in({"bob": bob, "carol": carol}[who])
    nothing = {key: str(uuid.uuid5(uuid.NAMESPACE_URL, key)) for key in hers.examples} | {"what": "grant"}
    names = HERS | API_HERS | TEAM_HERS | SUPPORT_HERS
    there = {one.name: one.path for one in all_urls(hers.examples) if one.name in names}
    absent = {one.name: one.path for one in all_urls(nothing) if one.name in names}
    assert there.keys() == absent.keys() == names
    for name in names:
        for method, response in answers(client, there[name]).items():
            other = answers(client, absent[name])[method]
            assert response.status_code == other.status_code, (method, name)
            assert plain(body(response), there[name]) == plain(body(other), absent[name]), (method, name)


def plain(text: bytes, path: str) -> bytes:
    """Without what differs at every request: the token of forms, and the address itself."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|' + re.escape(path.encode()), b"", text)


def test_each_refused_look_leaves_one_row_under_alice(hers: Hers, bob: Any, sign_in: Callable[[Any], Client]) -> None:
    client = sign_in(bob)
    last = AuditEvent.objects.count()
    client.get(f"/proof/{hers.examples['finding']}/")
    (event,) = AuditEvent.objects.filter(id__gt=last)
    assert (event.actor, event.patient, event.outcome) == (bob.pk, hers.patient.pk, "refused")


def test_a_consent_given_back_lets_the_team_in(hers: Hers, alice: Any, carol: Any, sign_in: Callable[[Any], Client]) -> None:
    """The walk would pass on a site that shows nobody anything: with a grant the same doors open."""
    actions.give_consent(by=alice, patient=hers.patient, purpose="review", version=VERSION)
    review = actions.request_review(by=alice, patient=hers.patient)
    client = sign_in(carol)
    client.post(f"/review/{review.pk}/claim/")
    assert b"CANARYGENE" in client.get(f"/review/{review.pk}/").content
    assert b"canary-of-alice" in sign_in(alice).get("/records/").content
