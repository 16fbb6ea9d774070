"""Words that no keyboard types, where a program may put them: a NUL, which PostgreSQL refuses, half characters, digits that are no numbers."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personalize.criteria.rows import Row
from portal.admin.conditions import ConditionWidget
from portal.models import User
from tests.portal.conftest import as_admin, root

__all__ = ["as_admin", "root"]
pytestmark = pytest.mark.django_db


@pytest.mark.asvs("2.2.1")
def test_a_cookie_with_a_nul_opens_no_session_and_breaks_nothing(client: Client) -> None:
    """In quotes a cookie may spell one (\\000): the look for such a session was an error of PostgreSQL on every page."""
    client.cookies.load({"sessionid": "abcdefghijkl"})
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/records/").status_code == 302
    assert any("django_session" in one["sql"] for one in asked), "else the next lines show nothing"
    with CaptureQueriesContext(connection) as asked:
        assert Client(headers={"Cookie": r'sessionid="abcdefghijkl\000"'}).get("/records/").status_code == 302
    assert not any("django_session" in one["sql"] for one in asked)


@pytest.mark.asvs("2.2.1")
@pytest.mark.parametrize("path", ["/admin/portal/trial/?status__exact=a%00b", "/admin/portal/fact/?a%00b=1", "/admin/portal/fact/a%00b/change/"])
def test_an_address_with_a_nul_is_refused_before_a_table_is_asked(as_admin: Client, path: str) -> None:
    assert as_admin.get(path).status_code == 400
    assert as_admin.get("/api/v1/trials/a%00b/").status_code == 404
    assert as_admin.post("/admin/portal/criterion/add/", {"trial": "a\0b"}).status_code == 400


def test_every_list_of_the_admin_can_be_searched_for_any_word(as_admin: Client) -> None:
    words, request = "a ² \ud800 %% ' or 1=1 --".encode("utf-8", "surrogatepass"), as_admin.get("/admin/").wsgi_request
    searched = {model: options for model, options in admin.site._registry.items() if options.get_search_fields(request)}
    assert {User, UserSession, EmailAddress} < set(searched)
    for model in searched:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert as_admin.get(path, {"q": words}).status_code == 200, path


@pytest.mark.parametrize("chosen", ["abc", "1' or 1=1", "9" * 40, ""])
def test_an_action_of_the_admin_for_no_row_of_its_list_does_nothing(as_admin: Client, root: User, chosen: str) -> None:
    posted = {"action": "delete_selected", "_selected_action": [chosen], "index": "0", "post": "yes"}
    for path in ("/admin/portal/guideline/", "/admin/usersessions/usersession/", "/admin/auth/group/"):
        assert as_admin.post(path, posted).status_code in (200, 302), path
    assert User.objects.filter(pk=root.pk).exists()


@pytest.mark.parametrize("odd", ["²", "１２", "9" * 5000, "-1", "nan"])
def test_rows_of_a_condition_are_counted_by_plain_numbers(odd: str) -> None:
    plain = {"rule-rows": "1", "rule-0-what": "age", "rule-0-op": "at_least", "rule-0-value": "18", "rule-0-place": "1", "rule-0-level": "0"}
    for place in ("rule-rows", "rule-0-place", "rule-0-level"):
        rows = ConditionWidget().value_from_datadict({**plain, place: odd}, {}, "rule")
        assert rows == (() if place == "rule-rows" else (Row("age", op="at_least", value="18"),)), place
