"""A new key for the ring while people go on: nothing is lost when the old one leaves."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from portal.adapters import MFAAdapter
from records import keys
from records.actions.reading import perform_waiting
from records.keys import PatientKey
from records.models import Document, Finding, Work
from tests.factories import make_document, make_patient, make_read_document
from tests.records.paper import Reader, paper

pytestmark = pytest.mark.django_db
NEW = "newer:" + "cd" * 32


def _read_everything() -> set[str]:
    keys.forget_keys()
    return {one.name for one in Document.objects.all()} | {str(one.value["name"]) for one in Finding.objects.all()}


@pytest.mark.asvs("11.2.2")
def test_the_ring_is_changed_while_people_send_files_and_sign_up(
    alice: Any, bob: Any, carol: Any, reader: Reader, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = make_patient(alice)
    make_read_document(hers, paper("KRAS=positive"), name="before.pdf")
    step = Authenticator.objects.create(user=carol, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt("JBSWY3DP")})
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    unwrap, happened = keys._unwrap, []

    def meanwhile(row: PatientKey) -> bytes:
        """Between reading a key and writing it back, another process makes a patient and a file."""
        if not happened:
            happened.append(True)
            make_read_document(make_patient(bob), paper("BRCA2=positive"), name="meanwhile.pdf")
            make_read_document(hers, paper("TP53=positive"), name="during.pdf")
        return unwrap(row)

    monkeypatch.setattr(keys, "_unwrap", meanwhile)
    call_command("rotate_keys")
    assert happened
    settings.KEY_RING = NEW
    assert _read_everything() == {"before.pdf", "meanwhile.pdf", "during.pdf", "KRAS", "BRCA2", "TP53"}
    step.refresh_from_db()
    assert MFAAdapter().decrypt(step.data["secret"]) == "JBSWY3DP"
    assert set(PatientKey.objects.values_list("ring_id", flat=True)) == {"newer"}


def test_a_key_that_is_destroyed_meanwhile_stays_destroyed(alice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hers = make_patient(alice)
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    unwrap = keys._unwrap

    def meanwhile(row: PatientKey) -> bytes:
        """Between reading the key and writing it back, alice deletes her record."""
        opened = unwrap(row)
        if row.owner == hers.pk:
            keys.destroy_key(hers.pk)
        return opened

    monkeypatch.setattr(keys, "_unwrap", meanwhile)
    keys.rotate_keys()
    with pytest.raises(keys.KeyDestroyed):
        keys.key_for(hers.pk, "fields")


def test_a_worker_that_does_not_know_the_new_key_yet_waits_and_counts_no_try(alice: Any, reader: Reader, settings: Any) -> None:
    """The site knows the key already: a file of somebody new must not be given up because its worker was not started again."""
    old = settings.KEY_RING
    settings.KEY_RING = f"{NEW},{old}"
    make_document(make_patient(alice), paper("KRAS=positive"))
    settings.KEY_RING = old
    keys.forget_keys()
    perform_waiting()
    row = Work.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    settings.KEY_RING = f"{NEW},{old}"
    perform_waiting()
    assert Document.objects.get().status == "ready"


def test_rotating_again_changes_nothing(alice: Any, carol: Any, settings: Any, capsys: Any) -> None:
    make_patient(alice)
    Authenticator.objects.create(user=carol, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt("JBSWY3DP")})
    Authenticator.objects.create(
        user=carol, type=Authenticator.Type.RECOVERY_CODES, data={"seed": MFAAdapter().encrypt("abc"), "used_mask": 3}
    )
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    call_command("rotate_keys")
    assert "2 second steps" in capsys.readouterr().out
    assert Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["used_mask"] == 3
    call_command("rotate_keys")
    assert capsys.readouterr().out.startswith("0 keys wrapped anew, 0 second steps")
