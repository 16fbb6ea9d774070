"""Every field is classified; what is classed as sealed is sealed, and what is sealed is classed so."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from records.keys import SealedField
from records.privacy import PRIVACY, SEALED, Holds


def _fields(app: str) -> dict[str, Any]:
    models = apps.get_app_config(app).get_models()
    return {f"{model._meta.label}.{field.name}": field for model in models for field in model._meta.get_fields() if field.concrete}


def test_every_field_of_records_is_classified_and_nothing_else() -> None:
    named = {name for name in PRIVACY if name.startswith("records.")}
    assert named == set(_fields("records"))


def test_every_field_of_an_account_is_classified() -> None:
    ours = {name for name in _fields("portal") if name.startswith("portal.User.")}
    assert ours == {name for name in PRIVACY if name.startswith("portal.User.")}


@pytest.mark.parametrize("name", sorted(name for name in PRIVACY if name.startswith("records.")))
def test_sealed_is_sealed(name: str) -> None:
    assert isinstance(_fields("records")[name], SealedField) == (PRIVACY[name] in SEALED)


def test_only_the_key_store_holds_secrets_of_records() -> None:
    assert [name for name, holds in PRIVACY.items() if holds is Holds.SECRET] == [
        "records.PatientKey.wrapped",
        "portal.DeviceToken.digest",
        "portal.User.password",
    ]
