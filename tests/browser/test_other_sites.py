"""What a page of another site can make a signed-in browser do, and what hostile words do in it: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Route

from records.models import Patient
from tests.browser.conftest import DESKTOP, Site
from tests.browser.test_every_page import check_console
from tests.factories import make_read_document
from tests.records.paper import paper

pytestmark = pytest.mark.django_db(transaction=True)
# Another site, and another origin of the same site: its requests carry the session.
ELSEWHERE = ("https://evil.example", "http://localhost:9")
HOSTILE = "x\"'><img src=x onerror=document.title='owned'><script>document.title='owned'</script>.txt"
FORM = """<form method="post" action="{action}" enctype="{kind}"><input name="confirm" value="yes"><input name="name" value="KRAS">
<input name="value" value="positive"></form><script>document.forms[0].submit()</script>"""


def attack(site: Site, origin: str, path: str, kind: str) -> int:
    """Open a page of the other origin that sends a form here by itself; the answer's status."""
    words = FORM.format(action=site.url + path, kind=kind)
    site.context.route(f"{origin}/**", lambda route: _serve(route, words))
    with site.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        site.page.goto(f"{origin}/attack")
    status: int = answered.value.status
    site.context.unroute(f"{origin}/**")
    return status


def _serve(route: Route, words: str) -> None:
    route.fulfill(status=200, content_type="text/html", body=words)


@pytest.mark.asvs("3.5.1", "3.5.3")
@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_form_of_another_origin_is_refused(visit: Callable[..., Site], alice: Any, record: Patient, origin: str) -> None:
    site = visit(DESKTOP).sign_in(alice)
    site.open("/records/", "My records")
    plain, parts = "application/x-www-form-urlencoded", "multipart/form-data"
    for path, kind in (("/privacy/mine/delete/", plain), ("/upload/", parts), ("/accounts/logout/", plain), ("/api/v1/tokens/", "text/plain")):
        assert attack(site, origin, path, kind) in (401, 403), path
    site.open("/records/", "My records")
    assert Patient.objects.filter(pk=record.pk).exists()


@pytest.mark.asvs("3.4.2", "3.5.2", "3.4.6")
@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_origin_reads_and_frames_nothing(visit: Callable[..., Site], alice: Any, record: Patient, origin: str) -> None:
    site = visit(DESKTOP).sign_in(alice)
    site.context.route(f"{origin}/**", lambda route: _serve(route, f'<iframe src="{site.url}/records/"></iframe>'))
    site.page.goto(f"{origin}/attack")
    for path in ("/records/", "/api/v1/profile/"):
        with pytest.raises(Error, match="Failed to fetch"):
            site.page.evaluate("url => fetch(url, {credentials: 'include'}).then(answer => answer.text())", site.url + path)
    assert "My records" not in "".join(frame.content() for frame in site.page.frames)
    assert any("frame-ancestors" in one or "X-Frame-Options" in one or "refused to connect" in one for one in site.heard)


@pytest.mark.asvs("1.2.1", "3.2.2")
def test_hostile_words_of_a_file_and_its_name_stay_words(visit: Callable[..., Site], alice: Any, record: Patient) -> None:
    document = make_read_document(record, paper(f"KRAS=positive {HOSTILE}"), name=HOSTILE)
    finding = document.findings.earliest("pk")
    site = visit(DESKTOP).sign_in(alice)
    for path in ("/records/", f"/records/{document.pk}/", "/facts/", f"/proof/{finding.pk}/", "/privacy/mine/", "/records/?q=%3Cscript%3E"):
        page = site.open(path)
        page.wait_for_load_state("networkidle")
        assert page.title() != "owned"
        assert page.locator("img[src=x]").count() == 0
        check_console(site)
    assert "<img src=x" in site.open("/records/").locator("main").inner_text(), "the words are there, as words"
    site.open("/upload/")
    site.page.set_input_files("input[type=file]", {"name": HOSTILE, "mimeType": "text/plain", "buffer": b"GENE=positive"})
    site.page.wait_for_function("document.body.innerText.includes('onerror')")
    assert site.page.title() != "owned"
    assert site.page.locator("img[src=x]").count() == 0
