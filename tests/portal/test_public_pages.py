"""Pages that everybody may read."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from records.management.commands.sweep import ALIVE
from tests.portal.stand_ins import SLUG

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PAGES = ["/", f"/a/{SLUG}/", "/words/", "/guidelines/", "/services/", "/changes/", "/help/", "/privacy/", "/start/", "/accounts/login/",
         "/accounts/signup/", "/accounts/password/reset/"]  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_pages_obey_their_own_policy(client: Client, url: str) -> None:
    """Nothing inline that the content security policy would stop; one heading; the learning notice."""
    response = client.get(url)
    text = response.content.decode()
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert text.count("<h1") == 1
    assert "It is not medical advice" in text
    assert not re.findall(r'(?:src|action)="https?://', text)


def test_an_answer_shows_its_parts_sources_and_words(client: Client) -> None:
    text = client.get(f"/a/{SLUG}/").content.decode()
    assert "How does" in text and "Last checked: Nov. 1, 2026" in text
    assert 'href="#source-1"' in text and 'id="source-1"' in text and "A careful study" in text
    assert 'popovertarget="word-t-cell"' in text and text.count('id="word-t-cell"') == 1
    assert "A guideline" in text and "A help line" in text
    assert "Checked Nov. 1, 2026." in text and 'Source: <a href="https://example.org/study"' in text
    assert "Which trials may fit me?" in text


def test_numbers_about_how_long_people_lived_are_closed(client: Client) -> None:
    text = client.get(f"/a/{SLUG}/").content.decode()
    before, _, inside = text.partition("Study averages (opens numbers about how long people lived)")
    assert "Half lived a year." not in before
    assert "Half lived a year." in inside.split("</details>")[0]
    assert "<details open" not in text and " open>" not in text


def test_a_term_is_marked_once_in_a_part(client: Client) -> None:
    assert client.get(f"/a/{SLUG}/").content.decode().count('class="term"') == 1


def test_search_finds_by_title_and_by_words(client: Client) -> None:
    assert "1 answer for" in client.get("/", {"q": "pancreatic"}).content.decode()
    assert "The short answer" in client.get("/", {"q": "cells"}).content.decode()
    assert "no answer with these words" in client.get("/", {"q": "zebra"}).content.decode()


def test_what_is_searched_for_is_never_markup(client: Client) -> None:
    text = client.get("/", {"q": "<script>x</script>"}).content.decode()
    assert "<script>x" not in text and "&lt;script&gt;x" in text


def test_an_unknown_answer_is_not_found(client: Client) -> None:
    response = client.get("/a/nothing/")
    assert response.status_code == 404
    assert "We could not find this page" in response.content.decode()


def test_errors_of_a_form_come_first(client: Client) -> None:
    text = client.post("/accounts/login/", {"login": "", "password": ""}).content.decode()
    assert "<title>Error: Sign in" in text
    assert 'href="#id_login"' in text and 'role="alert"' in text and "data-focus" in text


def test_health(client: Client) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "degraded"}, "nobody sweeps: files would wait"
    cache.set(ALIVE, True)
    assert client.get("/readyz").json() == {"status": "ok"}
