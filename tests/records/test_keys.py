"""Keys and sealed fields: what a thief of the database, a swapped row or a restored backup can do. Nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from records import keys
from records.models import Patient, PatientKey, Statement
from tests.factories import make_patient

pytestmark = pytest.mark.django_db


def _state(patient: Patient, value: Any, date: str | None = None) -> Statement:
    return Statement.objects.create(patient=patient, kind="age", value=value, date=date, by=patient.account)


def _stored(row: Any, column: str) -> bytes | None:
    with connection.cursor() as cursor:
        key = row.pk if connection.vendor == "postgresql" else row.pk.hex
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [key])
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


def test_what_is_stored_says_nothing(patient: Patient) -> None:
    row = _state(patient, {"age": "sixty-one years"})
    assert b"sixty" not in (_stored(row, "value") or b"")
    assert Statement.objects.get(pk=row.pk).value == {"age": "sixty-one years"}


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_json_comes_back_as_it_went_in(patient: Patient, value: Any) -> None:
    sealed = _state(patient, {"value": value})
    assert Statement.objects.get(pk=sealed.pk).value == {"value": value}


def test_nothing_and_empty_stay_apart(patient: Patient) -> None:
    assert Statement.objects.get(pk=_state(patient, {}, date=None).pk).date is None
    assert Statement.objects.get(pk=_state(patient, {}, date="").pk).date == ""


def test_long_text_is_kept_whole(patient: Patient) -> None:
    assert Statement.objects.get(pk=_state(patient, {"value": "long " * 5000}).pk).value == {"value": "long " * 5000}


def _overwrite(row: Any, column: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        key = row.pk if connection.vendor == "postgresql" else row.pk.hex
        trigger = "records_statement_no_update"
        cursor.execute(f"DROP TRIGGER {trigger}" + (" ON records_statement" if connection.vendor == "postgresql" else ""))
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, key])


@pytest.mark.parametrize("position", [0, 20, -1])
def test_a_changed_bit_is_refused(patient: Patient, position: int) -> None:
    row = _state(patient, {"age": 61})
    stored = bytearray(_stored(row, "value") or b"")
    stored[position] ^= 1
    _overwrite(row, "value", bytes(stored))
    with pytest.raises(keys.SealBroken):
        _ = Statement.objects.get(pk=row.pk).value


def test_a_value_moved_to_another_row_is_refused(patient: Patient) -> None:
    one, other = _state(patient, {"age": 61}), _state(patient, {"age": 47})
    _overwrite(one, "value", _stored(other, "value") or b"")
    with pytest.raises(keys.SealBroken):
        _ = Statement.objects.get(pk=one.pk).value


def test_a_value_moved_to_another_field_is_refused(patient: Patient) -> None:
    row = _state(patient, {"age": 61}, date="2024")
    _overwrite(row, "date", _stored(row, "value") or b"")
    with pytest.raises(keys.SealBroken):
        _ = Statement.objects.get(pk=row.pk).date


def test_a_value_moved_to_another_patient_is_refused(patient: Patient, bob: Any) -> None:
    one, other = _state(patient, {"age": 61}), _state(make_patient(bob), {"age": 47})
    _overwrite(one, "value", _stored(other, "value") or b"")
    with pytest.raises(keys.SealBroken):
        _ = Statement.objects.get(pk=one.pk).value


def test_a_key_moved_to_another_patient_is_refused(patient: Patient, bob: Any) -> None:
    other = make_patient(bob)
    PatientKey.objects.filter(owner=patient.pk).update(wrapped=PatientKey.objects.get(owner=other.pk).wrapped)
    keys.forget_keys()
    with pytest.raises(keys.SealBroken):
        keys.key_for(patient.pk, "fields")


def test_sealed_fields_cannot_be_searched_nor_updated_in_bulk(patient: Patient) -> None:
    with pytest.raises(FieldError):
        Patient.objects.filter(name="alice").exists()
    with pytest.raises(TypeError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(name="alice")
    assert Patient.objects.filter(name__isnull=True, pk=patient.pk).exists()


def test_saving_a_row_does_not_touch_what_was_not_opened(patient: Patient) -> None:
    named = make_named(patient)
    before = _stored(named, "name")
    Patient.objects.get(pk=patient.pk).save()
    assert _stored(named, "name") == before
    assert Patient.objects.get(pk=patient.pk).name == "Alice A."


def make_named(patient: Patient) -> Patient:
    patient.name = "Alice A."
    patient.save()
    return patient


def test_rotation_wraps_keys_anew_and_leaves_what_they_lock(patient: Patient, settings: Any, capsys: Any) -> None:
    row = _state(patient, {"age": 61})
    before = _stored(row, "value")
    settings.KEY_RING = "new:" + "cd" * 32 + "," + settings.KEY_RING
    call_command("rotate_keys")
    assert "keys wrapped anew" in capsys.readouterr().out
    assert set(PatientKey.objects.values_list("ring_id", flat=True)) == {"new"}
    settings.KEY_RING = settings.KEY_RING.split(",")[0]
    keys.forget_keys()
    assert _stored(row, "value") == before
    assert Statement.objects.get(pk=row.pk).value == {"age": 61}


def test_a_ring_without_the_key_that_wraps_says_so(patient: Patient, settings: Any) -> None:
    settings.KEY_RING = "other:" + "cd" * 32
    keys.forget_keys()
    with pytest.raises(ImproperlyConfigured):
        keys.key_for(patient.pk, "fields")


@pytest.mark.parametrize("ring", ["", "nocolon", "a:beef", "a:" + "zz" * 32, "a:" + "ab" * 16])
def test_a_ring_that_is_no_ring_is_refused(settings: Any, ring: str, patient: Patient) -> None:
    settings.KEY_RING = ring
    keys.forget_keys()
    with pytest.raises(ImproperlyConfigured):
        keys.key_for(patient.pk, "fields")


def test_without_the_key_nothing_can_be_read(patient: Patient) -> None:
    row = _state(patient, {"age": 61})
    keys.destroy_key(patient.pk)
    with pytest.raises(keys.KeyDestroyed):
        _ = Statement.objects.get(pk=row.pk).value


def test_keys_live_in_their_own_database() -> None:
    assert "records_patientkey" in connections["keys"].introspection.table_names()
    assert "records_patient" not in connections["keys"].introspection.table_names()
    assert "records_patientkey" not in connections["default"].introspection.table_names()


def test_each_use_has_its_own_key(patient: Patient) -> None:
    assert len({keys.key_for(patient.pk, use) for use in ("fields", "files", "digests")}) == 3


def test_digests_compare_within_one_record_only(patient: Patient, bob: Any) -> None:
    other = make_patient(bob)
    assert keys.digest(patient.pk, b"file") == keys.digest(patient.pk, b"file")
    assert keys.digest(patient.pk, b"file") != keys.digest(other.pk, b"file")
