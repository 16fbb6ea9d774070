"""Content for those who edit it: the admin's permissions, and two people for every word, whatever program they use."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from schemathesis import GenerationMode

from portal.content import current_content
from portal.models import Edition, Fact, Passage, Source, User
from portal.tokens import make_token
from tests.api.conforming import Api, schema
from tests.api.test_any_request import CONFIG, _try, no_limits, served
from tests.api.test_tokens import device
from tests.portal.conftest import seeded

__all__ = ["no_limits", "seeded"]
pytestmark = pytest.mark.django_db
PLAIN = "Ask your team what fits you."
HARD = "You must take it."


@pytest.fixture
def editor(seeded: None, db: None) -> Callable[[str], User]:
    return lambda name: User.objects.create_superuser(email=f"{name}@example.org", password="correct horse battery")


@pytest.fixture
def adas(editor: Callable[[str], User], sign_in: Callable[[Any], Client]) -> Api:
    """An author in a browser."""
    return Api(sign_in(editor("ada")))


@pytest.fixture
def bens(editor: Callable[[str], User]) -> Api:
    """A reviewer with a program."""
    return device(make_token(user=editor("ben"), name="Desk", scopes=["content"], days=1)[1])


@pytest.fixture
def passage(seeded: None, db: None) -> Passage:
    return Passage.objects.get(section__answer="pancreatic", code="bottom-line")


@pytest.fixture
def fact(seeded: None, db: None) -> Fact:
    return Fact.objects.filter(is_shown=True).first()  # type: ignore[return-value]


def _bottom_line() -> str:
    return current_content().answer("pancreatic").passages()[-1].text


def test_everything_is_listed_in_pieces_filtered_and_read_one_by_one(adas: Api, passage: Passage, fact: Fact) -> None:
    first = adas.get("content/passages/?limit=2&answer=pancreatic")
    second = adas.get(first["next"].removeprefix("http://testserver"))
    shown = [*first["results"], *second["results"]]
    assert len({one["id"] for one in shown}) == 4 and {one["answer"] for one in shown} == {"pancreatic"}
    (found,) = adas.get("content/passages/?answer=pancreatic&q=bottom-line")["results"]
    assert (
        found == adas.get(f"content/passages/{passage.pk}/") and found["text"] == passage.text and found["facts"] == list(passage.links())
    )
    assert {one["volatility"] for one in adas.get("content/facts/?volatility=high")["results"]} == {"high"}
    assert {one["is_shown"] for one in adas.get("content/facts/?is_shown=false")["results"]} == {False}
    assert adas.get(f"content/facts/{fact.pk}/")["sources"] == list(fact.links())
    source = adas.get("content/sources/?limit=1")["results"][0]
    assert adas.get(f"content/sources/{source['key']}/") == source
    term = adas.get("content/glossary/?limit=1")["results"][0]
    assert adas.get(f"content/glossary/{term['term']}/") == term
    assert adas.get("content/facts/?color=red", status=400)["errors"]["color"]
    for absent in ("passages/0", "facts/F-none", "sources/none", "glossary/none", "glossary/a%00b", "changes/0"):
        assert adas.get(f"content/{absent}/", status=404)["code"] == "not_found"


@pytest.mark.parametrize("position", ["p=abc", "p=%00", "p=99999999999999999999"])
@pytest.mark.parametrize("path", ["content/passages/", "content/facts/", "content/changes/"])
def test_a_cursor_that_somebody_made_up_is_no_crash(adas: Api, path: str, position: str) -> None:
    cursor = base64.b64encode(position.encode()).decode()
    assert adas.client.get(f"/api/v1/{path}", {"cursor": cursor}).status_code in (200, 404)


def test_whoever_holds_the_newest_gets_304(adas: Api, fact: Fact) -> None:
    for path in ("content/facts/?limit=1", f"content/facts/{fact.pk}/"):
        tag = adas.client.get(f"/api/v1/{path}")["ETag"]
        assert adas.ask("GET", path, status=304, **{"If-None-Match": tag}).content == b""


def test_a_change_is_seen_when_a_second_person_publishes_it(adas: Api, bens: Api, passage: Passage) -> None:
    before = _bottom_line()
    made = adas.post(f"content/passages/{passage.pk}/changes/", {"text": PLAIN, "edition_note": "The last part is shorter."})
    assert (made["state"], made["is_mine"], made["after"]["text"], made["before"]["text"]) == ("waiting", True, PLAIN, passage.text)
    assert made["after"]["linked to"] == list(passage.links()), "what was not sent stays"
    assert _bottom_line() == before
    change = f"content/changes/{made['id']}/"
    assert adas.post(f"{change}publish/", status=403)["code"] == "own_change"
    assert _bottom_line() == before
    (waiting,) = bens.get("content/changes/?state=waiting&kind=passage")["results"]
    assert (waiting["id"], waiting["is_mine"]) == (made["id"], False) and bens.get(change)["faults"] == []
    assert bens.post(f"content/passages/{passage.pk}/changes/", {"text": "Ask."}, status=409)["code"] == "waiting"
    assert bens.post(f"{change}publish/", status=200)["state"] == "published"
    assert _bottom_line() == PLAIN
    assert bens.post(f"{change}publish/", status=409)["code"] == "decided"
    assert adas.post(f"content/passages/{passage.pk}/changes/", {"text": PLAIN}, status=409)["code"] == "unchanged"


def test_what_is_sent_back_is_not_seen_and_its_author_reads_why(adas: Api, bens: Api, fact: Fact) -> None:
    made = adas.post(f"content/facts/{fact.pk}/changes/", {"note": "To be looked at.", "sources": list(fact.links())[::-1]})
    bens.post(f"content/changes/{made['id']}/send-back/", {"why": "Say where."}, status=200)
    (seen,) = adas.get("content/changes/?state=returned")["results"]
    assert seen["answer_to_author"] == "Say where."
    assert bens.post(f"content/changes/{made['id']}/publish/", status=409)["code"] == "decided"
    assert adas.get(f"content/facts/{fact.pk}/")["note"] == fact.note


def test_a_change_of_a_row_that_moved_meanwhile_is_not_published(adas: Api, bens: Api, fact: Fact) -> None:
    made = adas.post(f"content/facts/{fact.pk}/changes/", {"note": "To be looked at."})
    Fact.objects.filter(pk=fact.pk).update(population="Other people")
    assert bens.post(f"content/changes/{made['id']}/publish/", status=409)["code"] == "out_of_date"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"text": HARD}, 422, "wording"),
        ({"edition_note": HARD, "text": PLAIN}, 422, "wording"),
        ({"text": "Ask. {NONE-99}"}, 422, "not_known"),
        ({"facts": ["F-none"]}, 422, "not_known"),
        ({}, 409, "unchanged"),
        ({"text": None}, 400, "invalid"),
        ({"sensitivity": "all"}, 400, "invalid"),
        ({"heading": "a" * 201}, 400, "invalid"),
    ],
)
def test_what_is_no_change_for_the_pages_is_not_kept(adas: Api, passage: Passage, sent: Any, status: int, code: str) -> None:
    assert adas.post(f"content/passages/{passage.pk}/changes/", sent, status=status)["code"] == code
    assert not Edition.objects.exists()


def test_a_source_is_changed_at_once_and_the_log_of_the_admin_says_by_whom(bens: Api, seeded: None) -> None:
    source = Source.objects.first()
    assert source is not None
    path = f"content/sources/{source.pk}/"
    assert bens.ask("PATCH", path, {"year": 2024, "publisher": "A house"})["year"] == 2024
    assert Source.objects.get(pk=source.pk).publisher == "A house"
    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id) == ("ben@example.org", source.pk)
    assert bens.ask("PATCH", path, {"url": "javascript:alert(1)"}, status=422)["code"] == "invalid_value"
    assert bens.ask("PATCH", path, {"year": "2024"}, status=400)["errors"]["year"]
    assert Source.objects.get(pk=source.pk).url == source.url


def _everything(passage: Passage, fact: Fact) -> Iterator[tuple[str, str]]:
    """Every operation of content, on rows that are there."""
    ids = {"passage": passage.pk, "fact": fact.pk, "source": fact.links()[0], "term": "CAR T", "change": 1}
    for path, methods in schema()["paths"].items():
        if path.startswith("/api/v1/content/"):
            yield from ((method.upper(), re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), path)) for method in methods)


@pytest.mark.parametrize("who", ["nobody", "patient", "coordinator", "clerk", "reading token", "no second step"])
def test_nobody_else_gets_in_nor_learns_which_rows_there_are(
    who: str, alice: Any, carol: Any, editor: Any, sign_in: Any, passage: Passage, fact: Fact, settings: Any
) -> None:
    clerk = User.objects.create_user(email="clerk@example.org", password="open sesame", role="admin", is_staff=True)
    secret = make_token(user=editor("ada"), name="Desk", scopes=["read", "write", "review"], days=1)[1]
    bare = make_token(user=editor("eve"), name="Desk", scopes=["content"], days=1)[1]
    client, code = {
        "nobody": (Client(), "not_authenticated"),
        "patient": (sign_in(alice), "permission_denied"),
        "coordinator": (sign_in(carol), "permission_denied"),
        "clerk": (sign_in(clerk), "permission_denied"),
        "reading token": (Client(headers={"Authorization": f"Bearer {secret}"}), "token_scope"),
        "no second step": (Client(headers={"Authorization": f"Bearer {bare}"}), "second_step"),
    }[who]
    settings.STAFF_NEED_SECOND_STEP = who == "no second step"
    asked = list(_everything(passage, fact))
    assert len(asked) > 14
    for method, path in [*asked, ("GET", "/api/v1/content/passages/0/"), ("POST", "/api/v1/content/facts/none/changes/")]:
        assert Api(client).ask(method, path, status=403)["code"] == code, (method, path)
    assert not Edition.objects.exists() and not LogEntry.objects.exists()


def test_each_permission_of_the_admin_opens_its_own_rows(sign_in: Any, passage: Passage, fact: Fact) -> None:
    clerk = User.objects.create_user(email="clerk@example.org", password="open sesame", role="admin", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_passage", "change_fact"]))
    clerks = Api(sign_in(clerk))
    assert clerks.get(f"content/passages/{passage.pk}/")["id"] == passage.pk
    clerks.post(f"content/passages/{passage.pk}/changes/", {"text": PLAIN}, status=403)
    made = clerks.post(f"content/facts/{fact.pk}/changes/", {"note": "Mine."})
    clerks.get("content/sources/", status=403)
    clerks.post(f"content/changes/{made['id']}/publish/", status=403)


def test_a_session_without_the_token_of_the_form_changes_nothing(editor: Any, passage: Passage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor("ada"))
    assert client.post(f"/api/v1/content/passages/{passage.pk}/changes/", {"text": PLAIN}, "application/json").status_code == 403
    assert not Edition.objects.exists()


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
def test_nothing_that_an_editor_can_ask_breaks_the_promises_of_the_schema(
    mode: GenerationMode, adas: Api, editor: Any, passage: Passage, fact: Fact
) -> None:
    made = adas.post(f"content/passages/{passage.pk}/changes/", {"text": PLAIN})
    ids = {"passage": str(passage.pk), "fact": fact.pk, "source": fact.links()[0], "term": "CAR T", "change": str(made["id"])}
    secret = make_token(user=editor("ben"), name="Tester", scopes=["content"], days=1)[1]
    whole = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", served, config=CONFIG)
    tried = 0
    for one in whole.get_all_operations():
        operation = one.ok()
        # what a list may be asked for wrongly is tried with every list of the API
        if operation.path.startswith("/api/v1/content/") and (mode is GenerationMode.POSITIVE or operation.method != "get"):
            _try(operation, mode, ids, {"Authorization": f"Bearer {secret}"})
            tried += 1
    assert tried == (15 if mode is GenerationMode.POSITIVE else 5)


def test_the_scope_and_the_codes_stand_in_the_page() -> None:
    page = (Path(site.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
    for code in ("content", "waiting", "decided", "unchanged", "own_change", "wording", "not_known", "second_step"):
        assert f"`{code}`" in page, code
