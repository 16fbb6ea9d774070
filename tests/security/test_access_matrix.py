"""Everyone × every URL about a patient's rows × every method: what comes back, what it says, and which trace it leaves.

The rows are alice's. Whoever may not see her record gets, to the byte, what a row that does not exist gets.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from records import actions
from records.models import AuditEvent, Grant, Patient
from tests.conftest import _person
from tests.factories import make_patient, make_read_document
from tests.portal import stand_ins
from tests.records.paper import paper
from tests.security.test_access_walk import API_HERS, CANARIES, HERS, TEAM_HERS, all_urls, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

VIEW, ADD, DECIDE, REVIEW, OWN = "view", "add", "decide", "review", "own"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
# What each URL about a row asks for. A method that is not here is 405 to everyone.
NEEDS: dict[str, dict[str, str]] = {
    "document": {"GET": VIEW},
    "unlock": {"POST": ADD},
    "accept": {"POST": ADD},
    "retry": {"POST": ADD},
    "delete": {"GET": VIEW, "POST": ADD},
    "original": {"GET": VIEW},
    "page_image": {"GET": VIEW},
    "proof": {"GET": VIEW},
    "correct": {"GET": VIEW, "POST": DECIDE},
    "answer_question": {"POST": ADD},
    "end_sharing": {"POST": OWN},
    "piece": {"POST": ADD},
    "api:document": {"GET": VIEW, "DELETE": ADD},
    "api:unlock": {"POST": ADD},
    "api:accept": {"POST": ADD},
    "api:retry": {"POST": ADD},
    "api:original": {"GET": VIEW},
    "api:pages": {"GET": VIEW},
    "api:page_image": {"GET": VIEW},
    "api:finding": {"GET": VIEW},
    "api:findings": {"GET": VIEW},
    "api:evidence": {"GET": VIEW},
    "api:reviews": {"POST": DECIDE},
    "api:arrival": {"GET": VIEW},
    "api:arrival_piece": {"PUT": ADD},
    "api:arrival_finish": {"POST": ADD},
    "api:claim": {"POST": REVIEW},
    "api:release": {"POST": REVIEW},
    "api:sign": {"POST": REVIEW},
    "bench": {"GET": REVIEW},
    "bench_trials": {"GET": REVIEW},
    "bench_trial": {"GET": REVIEW},
    "claim": {"POST": REVIEW},
    "release": {"POST": REVIEW},
    "bench_decide": {"POST": REVIEW},
    "bench_undo": {"POST": REVIEW},
    "bench_ask": {"POST": REVIEW},
    "sign_off": {"POST": REVIEW},
    "bench_correct": {"GET": REVIEW, "POST": REVIEW},
    "bench_add": {"GET": REVIEW, "POST": REVIEW},
}
# Rights on alice's record; None: a person who may not see it.
ACTORS: dict[str, frozenset[str] | None] = {
    "nobody": None,
    "alice": frozenset({OWN, VIEW, ADD, DECIDE}),
    "bob, another patient": None,
    "caregiver who may view": frozenset({VIEW}),
    "caregiver who may add": frozenset({VIEW, ADD}),
    "caregiver who may decide": frozenset({VIEW, DECIDE}),
    "caregiver until yesterday": None,
    "caregiver who was revoked": None,
    "coordinator with the grant": frozenset({VIEW, DECIDE, REVIEW}),
    "coordinator without a grant": None,
    "coordinator until yesterday": None,
    "administrator": None,
    "administrator who helps": frozenset({VIEW}),
    "alice, switched off": None,
}
STAFF = {"coordinator with the grant", "administrator who helps"}
NOT_SIGNED_IN = {"nobody", "alice, switched off"}


@dataclass(frozen=True)
class World:
    """alice's record with a claimed review, and somebody at a browser. ids: of her rows, of deleted ones, and of none."""

    patient: Patient
    client: Client
    ids: dict[str, str]
    form: dict[str, str]
    number: int


@pytest.fixture
def world(request: pytest.FixtureRequest, alice: Any, reader: Any) -> World:
    who = request.param
    patient = make_patient(alice, consents=("reading", "review"))
    document = make_read_document(patient, paper("CANARYGENE=positive"), name="canary-of-alice.pdf")
    review = actions.request_review(by=alice, patient=patient)
    eve = _person("eve@example.org", "coordinator")
    actions.review_finding(by=eve, finding=document.findings.get(), decision="confirmed")
    finding, snapshot = document.findings.get(), patient.profiles.get(is_current=True)
    question = actions.ask_patient(by=eve, request=review, text="canary-of-alice asked")
    fay, until = _person("fay@example.org", "patient"), timezone.now() + dt.timedelta(days=3)
    grant = actions.grant_access(by=alice, patient=patient, to=fay, rights=set(), until=until)
    arrival = actions.begin_arrival(by=alice, patient=patient, name="canary-of-alice.pdf", byte_size=9, label="")
    client = _at_a_browser(who, patient, review)
    ids = {"document": str(document.pk), "finding": str(finding.pk), "review": str(review.pk), "question": str(question.pk)}
    ids |= {"what": "grant", "entry": str(grant.pk), "arrival": str(arrival.pk)}
    form = {"finding": ids["finding"], "decision": "accept", "snapshot": str(snapshot.pk), "name": "KRAS", "status": "negative"}
    form |= {f"{document.pk}-password": "open sesame", "text": "said", "kind": "biomarker", "quote": "CANARYGENE=positive", "do": "add"}
    return World(patient, client, ids, form, snapshot.number)


def _at_a_browser(who: str, patient: Patient, review: Any) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(MAKE[who.split()[0].strip(",")](who, patient, review))
    if who == "alice, switched off":
        _switch_off(patient.account)
    return client


def _switch_off(user: Any) -> None:
    user.is_active = False
    user.save()


def _bob(who: str, patient: Patient, review: Any) -> Any:
    bob = _person("bob@example.org", "patient")
    make_patient(bob)
    return bob


def _caregiver(who: str, patient: Patient, review: Any) -> Any:
    dora = _person("dora@example.org", "patient")
    rights = {who.split()[-1]} & {ADD, DECIDE} | {VIEW}
    until = timezone.now() + dt.timedelta(days=3)
    grant = actions.grant_access(by=patient.account, patient=patient, to=dora, rights=rights, until=until)
    if "yesterday" in who:
        Grant.objects.filter(pk=grant.pk).update(until=timezone.now() - dt.timedelta(days=1))
    if "revoked" in who:
        actions.revoke_access(by=patient.account, grant=grant)
    return dora


def _coordinator(who: str, patient: Patient, review: Any) -> Any:
    carol = _person("carol@example.org", "coordinator")
    if "without" in who:
        actions.withdraw_consent(by=patient.account, patient=patient, purpose="review")
        return carol
    actions.claim_review(by=carol, request=review)
    if "yesterday" in who:
        Grant.objects.filter(patient=patient, to=None).update(until=timezone.now() - dt.timedelta(days=1))
    return carol


MAKE: dict[str, Callable[[str, Patient, Any], Any]] = {
    "alice": lambda who, patient, review: patient.account,
    "bob": _bob,
    "caregiver": _caregiver,
    "coordinator": _coordinator,
    "administrator": lambda who, patient, review: _admin(who, patient),
}


def _admin(who: str, patient: Patient) -> Any:
    root = _person("root@example.org", "admin")
    root.is_staff = root.is_superuser = True
    root.save()
    if "helps" in who:
        actions.open_support(by=root, record=patient.pk, reason="The patient asked for help with it.", minutes=15)
    return root


@dataclass(frozen=True)
class Answer:
    """What came back, and the rows of the audit log under alice that it left."""

    status: int
    body: bytes
    done: int
    refused: int


def ask(world: World, method: str, path: str) -> Answer:
    """One request; whatever it changed is taken back."""
    last = AuditEvent.objects.count()
    given: dict[str, Any] = {"data": world.form} if method == "POST" else {}
    if path.startswith("/api/") and method == "POST":
        given = {"data": {"decision": "confirmed", "password": "open sesame", "number": world.number}, "content_type": "application/json"}
    if path.startswith("/api/") and method == "PUT":
        given = {"data": b"piece", "content_type": "application/octet-stream"}
    with transaction.atomic():
        response: Any = getattr(world.client, method.lower())(path, **given)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        left = AuditEvent.objects.filter(id__gt=last, patient=world.patient.pk).values_list("outcome", flat=True)
        answer = Answer(response.status_code, body, list(left).count("done"), list(left).count("refused"))
        transaction.set_rollback(True)
    return answer


def rows(ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    for url in all_urls(ids):
        if url.name in NEEDS:
            yield url.name, url.path + ("?at=0" if url.name in ("piece", "api:arrival_piece") else "")


def expected(who: str, name: str, method: str) -> set[int]:
    rights, needs = ACTORS[who], NEEDS[name]
    needed = needs.get("GET" if method == "HEAD" else method)
    if who in NOT_SIGNED_IN:
        return {403} if name.startswith("api:") else {302}
    if needed is None:
        return {405}
    if who in STAFF and name in HERS - {"original", "page_image", "proof", "end_sharing"}:
        return {302}  # pages of one's own records: the team has its bench
    if rights is None:
        return {404}
    if needed not in rights:
        return {403}
    # 422: the form of these tests is no piece of a file
    return {204} if method == "DELETE" else {422} if name == "piece" else {409} if name == "api:arrival_finish" else {200, 201, 302}


@pytest.mark.parametrize(("world", "who"), [pytest.param(who, who, id=who) for who in ACTORS], indirect=["world"])
def test_everyone_at_every_door(world: World, who: str) -> None:
    wrong = []
    for name, path in rows(world.ids):
        for method in METHODS:
            answer = ask(world, method, path)
            if answer.status not in expected(who, name, method):
                wrong.append((method, name, answer.status))
            if ACTORS[who] is None and any(one in answer.body for one in CANARIES):
                wrong.append((method, name, "says something of alice"))
            if _trace(answer, method) not in _traces(who, answer.status):
                wrong.append((method, name, answer.status, "trace", answer.done, answer.refused))
    assert not wrong


def _trace(answer: Answer, method: str) -> str:
    """One look, one refusal, none; or, for a change, whatever came before it."""
    if answer.refused:
        return "refused" if answer.refused == 1 else "refused twice"
    return {0: "none", 1: "one"}.get(answer.done, "one" if method not in ("GET", "HEAD") else "many")


def _traces(who: str, status: int) -> set[str]:
    if status in (403, 404):
        return {"none"} if who in NOT_SIGNED_IN else {"refused"}
    if status in (405,) or who in NOT_SIGNED_IN:
        return {"none"}
    return {"one"} if ACTORS[who] and status != 302 else {"one", "none"}


STRANGERS = [who for who, rights in ACTORS.items() if rights is None]


@pytest.mark.parametrize(("world", "who"), [pytest.param(who, who, id=who) for who in STRANGERS], indirect=["world"])
def test_anothers_row_a_deleted_row_and_no_row_are_the_same_to_the_byte(world: World, who: str) -> None:
    none = {key: str(uuid.uuid5(uuid.NAMESPACE_URL, key)) for key in world.ids} | {"what": "grant"}
    deleted = dict(world.ids)
    gone = make_read_document(world.patient, paper("MSI=negative")) if world.patient.account.is_active else None
    if gone is not None:
        deleted |= {"document": str(gone.pk), "finding": str(gone.findings.get().pk)}
        actions.delete_document(by=world.patient.account, document=gone)
    hers, gone_ones = dict(rows(world.ids)), dict(rows(deleted))
    for name, absent in rows(none):
        for method in NEEDS[name]:
            nothing = ask(world, method, absent)
            for path in {hers[name], gone_ones[name]}:
                other = ask(world, method, path)
                assert (other.status, plain(other.body, path)) == (nothing.status, plain(nothing.body, absent)), (method, name)


# Pages without an id: of one's own record or, for a caregiver, of the one that is shared. Right that looking needs; the rest only send.
OPEN: dict[str, str] = {
    "records": VIEW, "progress": VIEW, "facts": VIEW, "my_trials": VIEW, "my_answer": VIEW, "my_print": VIEW, "my_summary": VIEW,
    "questions": VIEW, "my_privacy": OWN,
}  # fmt: skip
SHARING = ("alice", "caregiver who may view", "caregiver who may decide", "caregiver until yesterday", "caregiver who was revoked")


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize(("world", "who"), [pytest.param(who, who, id=who) for who in SHARING], indirect=["world"])
def test_each_look_at_a_page_of_the_record_leaves_one_row(world: World, who: str) -> None:
    rights = ACTORS[who] or frozenset()
    paths = {url.name: url.path for url in all_urls(world.ids)}
    for name, needed in OPEN.items():
        for method in ("GET", "HEAD"):
            answer = ask(world, method, paths[name])
            if not rights:
                assert (answer.status, answer.done, answer.refused) == (302, 0, 0), (method, name)
            elif needed in rights:
                assert answer.status in (200, 286, 302) and (answer.done, answer.refused) == (1, 0), (method, name, answer.status)
            else:
                assert (answer.status, answer.done, answer.refused) == (403, 0, 1), (method, name)


@pytest.fixture
def looking(content: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in for tailoring looks at the profile, as the real one does. Making a PDF takes a second and says nothing about access."""

    def personal(scope: Any, patient: Patient, slug: str | None = None) -> Any:
        assert scope.profile(patient) is not None
        return stand_ins.rendered()

    for place in ("mine", "trials", "facts", "answering", "privacy"):
        monkeypatch.setattr(f"portal.views.{place}.personal", personal)
    monkeypatch.setattr("portal.views.mine.summary_pdf", lambda page: b"%PDF-")


def test_no_url_about_a_row_is_missing_here() -> None:
    assert set(NEEDS) == HERS | API_HERS | TEAM_HERS


@pytest.fixture
def two_reviews(alice: Any, bob: Any, carol: Any, reader: Any) -> tuple[Any, Any]:
    """alice's and bob's reviews; carol may review both and has claimed bob's only."""
    made = []
    for user in (alice, bob):
        patient = make_patient(user, consents=("reading", "review"))
        make_read_document(patient, paper("KRAS=positive"))
        made.append(actions.request_review(by=user, patient=patient))
    actions.claim_review(by=carol, request=made[1])
    return made[0], made[1]


@pytest.mark.parametrize("door", ["decide/", "sign/", "{finding}/", "add/{document}/1/"])
def test_a_claim_on_one_record_is_no_claim_on_another(two_reviews: tuple[Any, Any], carol: Any, sign_in: Any, door: str) -> None:
    hers, his = two_reviews
    finding = hers.patient.findings.get()
    snapshot = hers.patient.profiles.get(is_current=True)
    form = {"finding": str(finding.pk), "decision": "accept", "snapshot": str(snapshot.pk), "name": "KRAS", "status": "negative"}
    form |= {"kind": "biomarker", "quote": "KRAS=positive", "do": "add"}
    path = door.format(finding=finding.pk, document=finding.document_id)
    answer = sign_in(carol).post(f"/review/{his.pk}/{path}", form)
    assert answer.status_code == 404
    assert not finding.reviews.exists()
    snapshot.refresh_from_db()
    assert snapshot.signed_off_at is None


BODIES = {
    "facts/decide/": {"decision": "right"},
    "review/{review}/decide/": {"decision": "accept"},
    "review/{review}/sign/": {},
}


@pytest.mark.parametrize("path", BODIES)
def test_ids_in_a_form_open_nothing_of_another_person(two_reviews: tuple[Any, Any], bob: Any, carol: Any, sign_in: Any, path: str) -> None:
    hers, his = two_reviews
    actions.withdraw_consent(by=hers.patient.account, patient=hers.patient, purpose="review")
    finding, snapshot = hers.patient.findings.get(), hers.patient.profiles.get(is_current=True)
    client = sign_in(bob if path.startswith("facts") else carol)
    told = []
    for ids in ({"finding": str(finding.pk), "snapshot": str(snapshot.pk)}, {"finding": str(uuid.uuid4()), "snapshot": str(uuid.uuid4())}):
        answer = client.post("/" + path.format(review=his.pk), {**BODIES[path], **ids})
        told.append((answer.status_code, plain(answer.content, "-")))
    assert told[0] == told[1] and told[0][0] == 404
    assert not finding.reviews.exists()
