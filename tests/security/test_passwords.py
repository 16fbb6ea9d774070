"""Passwords that are refused although they are long: the words of the service, and those known from breaches."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from portal.models import User
from portal.passwords import is_listed


def fingerprint(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


@pytest.mark.asvs("6.1.2", "6.2.11")
@pytest.mark.parametrize("password", ["car-t-guide-2026", "PancreaticCancer1", "CAR T therapy 123!", "guide-example-1", "patient record 99"])
def test_words_of_the_service_make_no_password(settings: Any, password: str) -> None:
    settings.ALLOWED_HOSTS = ["guide.example.org"]
    with pytest.raises(ValidationError, match="easy to guess here"):
        validate_password(password)
    validate_password(password + " and seven violet elephants")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100, 1001])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_line_of_the_list_is_found_and_nothing_else(tmp_path: Path, count: int, end: str) -> None:
    chance = random.Random(count)
    lines = sorted(fingerprint(str(n)) for n in range(count))
    path = tmp_path / "list"
    path.write_bytes("".join(f"{one}:{10 ** chance.randrange(7)}{end}" for one in lines).encode())
    assert all(is_listed(path, one) for one in lines)
    assert not any(is_listed(path, fingerprint(f"not {n}")) for n in range(200))
    assert not is_listed(path, "0" * 40) and not is_listed(path, "F" * 40)


@pytest.mark.asvs("6.2.12")
@pytest.mark.django_db
@pytest.mark.usefixtures("content")
def test_a_password_known_from_a_breach_is_refused_when_one_signs_up(client: Client, settings: Any, tmp_path: Path) -> None:
    known = "seven violet elephants"
    path = tmp_path / "list"
    path.write_text("\n".join(sorted(f"{fingerprint(one)}:3" for one in (known, "another", "third"))), encoding="ascii")
    settings.BREACHED_PASSWORDS = str(path)
    form = {"email": "new@example.org", "password1": known, "password2": known}
    assert "stolen from another site" in client.post("/accounts/signup/", form).content.decode()
    assert not User.objects.exists()
    client.post("/accounts/signup/", form | {"password1": known + " dance", "password2": known + " dance"})
    assert User.objects.get().check_password(known + " dance")
