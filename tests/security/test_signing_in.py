"""What signing in, sessions and cookies keep to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from portal.models import User
from tests.test_compose import PRODUCTION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
WANTED = [
    *("DEBUG", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT"),
    *("SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_AGE"),
    *("SESSION_EXPIRE_AT_BROWSER_CLOSE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SAMESITE"),
    *("PASSWORD_HASHERS", "CACHES", "STAFF_NEED_SECOND_STEP", "INSTALLED_APPS"),
]


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """The settings of production, as they come out."""
    script = (
        "import django, json; from django.conf import settings; django.setup();"
        f" print(json.dumps({{name: getattr(settings, name) for name in {WANTED}}}))"
    )
    environment = os.environ | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"}
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    settings: dict[str, Any] = json.loads(made.stdout)
    return settings


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "7.3.2", "11.4.2", "12.2.1", "13.4.2", "15.2.3")
def test_production_is_closed_where_it_should_be(production: dict[str, Any]) -> None:
    assert production["DEBUG"] is False
    for kind in ("SESSION", "CSRF"):
        assert production[f"{kind}_COOKIE_SECURE"] is True
        assert production[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{kind}_COOKIE_SAMESITE"] == "Lax"
    assert production["SESSION_COOKIE_HTTPONLY"] is True
    assert production["SESSION_COOKIE_AGE"] <= 12 * 3600
    assert production["SESSION_EXPIRE_AT_BROWSER_CLOSE"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["SECURE_SSL_REDIRECT"] is True
    assert all(re.fullmatch(r"\^(livez|readyz|metrics)\$", one) for one in production["SECURE_REDIRECT_EXEMPT"])
    assert production["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert production["STAFF_NEED_SECOND_STEP"] is True
    assert not [one for one in production["INSTALLED_APPS"] if "debug" in one]


@pytest.mark.asvs("14.2.2")
def test_the_cache_is_the_database_and_no_page_of_a_person_is_in_it(production: dict[str, Any], alice: Any) -> None:
    assert {one["BACKEND"] for one in production["CACHES"].values()} == {"django.core.cache.backends.db.DatabaseCache"}
    client = Client()
    client.force_login(alice)
    assert "no-store" in client.get("/records/").headers["Cache-Control"]


@pytest.mark.asvs("6.2.1", "6.2.4", "6.2.5", "6.2.8", "6.2.9")
def test_which_passwords_are_taken() -> None:
    for refused in ("short-one", "password1234", "qwertyuiop123", "1234567890123"):
        with pytest.raises(ValidationError):
            validate_password(refused, User(email="someone@example.org"))
    with pytest.raises(ValidationError):
        validate_password("someone.long.name", User(email="someone.long.name@example.org"))
    for taken in ("all lower case and spaces", "x" * 31 + "y" * 33, "пароль из букв", "  led by spaces and tail  "):
        validate_password(taken, User(email="someone@example.org"))
        hashed = make_password(taken)
        assert check_password(taken, hashed)
        assert not check_password(taken.strip() + "!", hashed)
        assert not check_password(taken[:-1], hashed)


@pytest.mark.asvs("11.4.2")
def test_passwords_are_hashed_with_memory_and_time() -> None:
    kept = Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
    assert kept.startswith("argon2$argon2id$")
    memory = re.search(r"m=(\d+)", kept)
    assert memory and int(memory[1]) >= 19 * 1024


@pytest.mark.asvs("6.2.2", "6.2.3", "7.4.1")
def test_a_password_is_changed_with_the_old_one_only(alice: Any) -> None:
    client = Client()
    client.force_login(alice)
    new = {"password1": "battery staple horse", "password2": "battery staple horse"}
    client.post("/accounts/password/change/", {"oldpassword": "not the old one", **new})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    alice.refresh_from_db()
    assert alice.check_password("battery staple horse")


@pytest.mark.asvs("6.2.6", "6.2.7", "14.3.3")
def test_fields_for_passwords_are_covered_and_help_managers() -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        page = Client().get(path).content.decode()
        fields = re.findall(r"<input[^>]*name=\"password\d?\"[^>]*>", page)
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert "onpaste" not in field
            assert 'autocomplete="off"' not in field
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "portal/static/portal").rglob("*.js"))
    assert not re.search(r"indexedDB|\"paste\"|'paste'", scripts)
    kept = re.findall(r"Storage\.setItem\(([^,]+)", scripts)
    assert kept
    assert all(one.startswith('"bench-') for one in kept), "a choice of how the bench looks, nothing of a record"


@pytest.mark.asvs("6.3.2")
def test_a_new_installation_has_no_account() -> None:
    assert not User.objects.exists()


@pytest.mark.asvs("7.2.3", "11.5.1")
def test_names_of_sessions_are_long_and_random(alice: Any) -> None:
    names = set()
    for _ in range(20):
        client = Client()
        client.force_login(alice)
        names.add(client.session.session_key)
    assert len(names) == 20
    assert all(re.fullmatch(r"[a-z0-9]{32}", one) for one in names), "32 of 36 characters: 165 bits"


@pytest.mark.asvs("7.4.4", "14.3.1", "3.5.3", "7.6.2")
def test_leaving_is_on_every_page_and_asks_by_a_form(alice: Any) -> None:
    client = Client()
    assert "sessionid" not in client.get("/").cookies
    client.force_login(alice)
    for path in ("/", "/start/", "/help/"):
        assert 'href="/account/"' in client.get(path).content.decode(), path
    assert 'action="/accounts/logout/"' in client.get("/account/").content.decode()
    client.get("/accounts/logout/")
    assert client.get("/account/").status_code == 200, "looking at the page does not end the session"
    left = client.post("/accounts/logout/")
    assert left.cookies["sessionid"].value == ""
    assert client.get("/account/").status_code == 302


@pytest.mark.asvs("3.7.2")
@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(alice: Any, place: str) -> None:
    answer = Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD, "next": place})
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


@pytest.mark.asvs("3.4.2", "3.5.2", "13.4.4")
def test_no_other_origin_is_let_in_and_no_request_is_echoed(alice: Any) -> None:
    client = Client()
    client.force_login(alice)
    for path in ("/", "/records/", "/api/v1/answers/", "/api/v1/profile/"):
        for method in ("GET", "OPTIONS"):
            answer = client.generic(method, path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")], path
        assert client.trace(path, headers={"X-Secret": "echo-of-a-header"}).status_code in (302, 403, 404, 405), path


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nSubject: x", '"a\r\n"@example.org'])
def test_an_address_adds_no_headers_to_mail(address: str) -> None:
    client = Client()
    for path, form in (
        ("/accounts/signup/", {"email": address, "password1": "battery staple horse", "password2": "battery staple horse"}),
        ("/accounts/password/reset/", {"email": address}),
    ):
        client.post(path, form)
    for one in mail.outbox:
        assert "Bcc" not in one.message()
        assert one.recipients() != ["b@example.org"]
        assert len(one.recipients()) == 1
