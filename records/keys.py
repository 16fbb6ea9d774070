"""Keys of patients, and model fields that are encrypted with them.

Each patient has one 256-bit key, wrapped by the first key of the ring (settings.KEY_RING) and kept in its own database (alias "keys", with
its own short-lived backups). To destroy that one row is to make everything of the patient unreadable, backups of the records included.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import time
import uuid
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone

NONCE_BYTES = 12
CACHE_SECONDS = 10.0  # how long a process may go on using a key that another process destroyed
COMPRESS_FROM_BYTES = 512
AUDIT_OWNER = uuid.UUID(int=0)


class KeyDestroyed(Exception):
    """The key of this owner is gone, and what it locked with it."""


class SealBroken(Exception):
    """Stored bytes were changed, cut, or moved to another patient, field or row."""


class NotInRing(ImproperlyConfigured):
    """The ring of this process lacks a key that others use: it was not started again since one was added, or one was removed too early."""


class PatientKey(models.Model):
    """One owner's key, wrapped. owner is a patient's id, or AUDIT_OWNER. doomed_at: the record is being deleted, the key goes next.

    Nothing wrapped: the key was destroyed, and the row stays until the files it locked are gone too.
    """

    owner = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    ring_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    doomed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "records"

    def __str__(self) -> str:
        return str(self.owner)


class KeyRouter:
    """Keys live in the database "keys" and nowhere else; nothing else lives there."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        # the model of the database cache has no label
        return "keys" if model is PatientKey or getattr(model._meta, "label_lower", "") == "records.patientkey" else None

    db_for_write = db_for_read

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return (db == "keys") == (app_label == "records" and model_name == "patientkey")


@lru_cache(maxsize=4)
def _parse_ring(ring: str) -> dict[str, bytes]:
    try:
        pairs = [one.strip().split(":") for one in ring.split(",") if one.strip()]
        keys = {name: bytes.fromhex(value) for name, value in pairs}
    except ValueError:
        keys = {}
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured("KEY_RING must be id:key,id:key with keys of 64 hexadecimal digits, the current one first.")
    return keys


def _ring() -> dict[str, bytes]:
    return _parse_ring(settings.KEY_RING)


def _wrap(owner: uuid.UUID, key: bytes) -> tuple[bytes, str]:
    ring_id, ring_key = next(iter(_ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(ring_key).encrypt(nonce, key, b"patient key|" + owner.bytes), ring_id


def _unwrap(row: PatientKey) -> bytes:
    wrapped = bytes(row.wrapped)
    if row.ring_id not in _ring():
        raise NotInRing("A patient's key is wrapped by a key that KEY_RING does not hold.")
    try:
        return AESGCM(_ring()[row.ring_id]).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], b"patient key|" + row.owner.bytes)
    except InvalidTag as error:
        raise SealBroken from error


_known: dict[tuple[uuid.UUID, str], tuple[float, bytes]] = {}


def make_key(owner: uuid.UUID) -> None:
    """A key for this owner; one that exists stays."""
    wrapped, ring_id = _wrap(owner, AESGCM.generate_key(256))
    PatientKey.objects.get_or_create(owner=owner, defaults={"wrapped": wrapped, "ring_id": ring_id})


def key_for(owner: uuid.UUID, use: str) -> bytes:
    """The owner's key for one use ("fields", "files", "digests", "audit"): 32 bytes. Raises KeyDestroyed."""
    now = time.monotonic()
    found = _known.get((owner, use))
    if found and found[0] > now:
        return found[1]
    try:
        row = _whole().get(owner=owner)
    except PatientKey.DoesNotExist:
        raise KeyDestroyed from None
    key = HKDFExpand(SHA256(), 32, use.encode()).derive(_unwrap(row))
    _known[owner, use] = (now + CACHE_SECONDS, key)
    return key


def keyless(owners: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the owners whose key was destroyed: what is left of them, or came back with a backup, says nothing to anybody."""
    asked = set(owners)
    return asked - set(_whole().filter(owner__in=asked).values_list("owner", flat=True))


def doom_key(owner: uuid.UUID) -> None:
    """Say that the key is to go. Whoever deletes the record and is stopped half-way leaves this for the sweeper to finish."""
    PatientKey.objects.filter(owner=owner).update(doomed_at=timezone.now())


def spare_key(owner: uuid.UUID) -> None:
    PatientKey.objects.filter(owner=owner).update(doomed_at=None)


def doomed_keys(before: dt.datetime) -> list[uuid.UUID]:
    return list(PatientKey.objects.filter(doomed_at__lt=before).values_list("owner", flat=True))


def destroy_key(owner: uuid.UUID) -> None:
    """From now on nothing that it locked can be read. What is left of the row says that files may be there still."""
    PatientKey.objects.filter(owner=owner).update(wrapped=b"")
    forget_keys(owner)


def forget_owner(owner: uuid.UUID) -> None:
    """Nothing of them is left that a key would be for."""
    PatientKey.objects.filter(owner=owner).delete()


def _whole() -> models.QuerySet[PatientKey]:
    return PatientKey.objects.exclude(wrapped=b"")


def forget_keys(owner: uuid.UUID | None = None) -> None:
    """Drop unwrapped keys from this process."""
    for known in [one for one in _known if owner in (None, one[0])]:
        del _known[known]


def rotate_keys() -> int:
    """Wrap every key with the ring's current one; what the keys locked is not touched. Returns how many were re-wrapped."""
    current = next(iter(_ring()))
    rotated = 0
    for row in _whole().exclude(ring_id=current).iterator():
        wrapped, ring_id = _wrap(row.owner, _unwrap(row))
        # exactly the row that was read: a key that was destroyed meanwhile must not come back
        same = PatientKey.objects.filter(owner=row.owner, ring_id=row.ring_id, wrapped=bytes(row.wrapped))
        rotated += same.update(wrapped=wrapped, ring_id=ring_id)
    return rotated


def digest(owner: uuid.UUID, content: bytes) -> str:
    """A fingerprint that can be compared only within one patient's record: without the key it says nothing."""
    return hmac.new(key_for(owner, "digests"), content, hashlib.sha256).hexdigest()


class Sealed(bytes):
    """Encrypted bytes, as stored: nonce, ciphertext, tag."""


class _Unsealing(DeferredAttribute):
    """Decrypts when the attribute is first looked at, because only then are the row and its patient known."""

    field: SealedField

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.unseal(instance, value)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):
    """Bytes encrypted with the patient's key; the patient, the model, the field and the row are authenticated with them.

    The model has patient_id (or is the patient) and a primary key known before saving. '' and None stay apart. A sealed field can be asked
    only whether it is null; queryset.update() refuses plain values.
    """

    descriptor_class = _Unsealing

    def check(self, **options: Any) -> list[Any]:
        return [one for one in super().check(**options) if one.id != "fields.E170"]  # a default here is the plain value, not its bytes

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, content: bytes) -> Any:
        raise NotImplementedError

    def seal(self, instance: models.Model, value: Any) -> Sealed:
        content = self.encode(value)
        content = b"z" + zlib.compress(content, 6) if len(content) > COMPRESS_FROM_BYTES else b"p" + content
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(key_for(_owner(instance), "fields"))
        return Sealed(nonce + cipher.encrypt(nonce, content, self._place(instance)))

    def unseal(self, instance: models.Model, sealed: Sealed) -> Any:
        cipher = AESGCM(key_for(_owner(instance), "fields"))
        try:
            content = cipher.decrypt(sealed[:NONCE_BYTES], bytes(sealed[NONCE_BYTES:]), self._place(instance))
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error
        return self.decode(zlib.decompress(content[1:]) if content[:1] == b"z" else content[1:])

    def _place(self, instance: models.Model) -> bytes:
        return f"{_owner(instance)}|{instance._meta.label_lower}.{self.name}|{instance.pk}".encode()

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        return value if value is None or isinstance(value, Sealed) else self.seal(model_instance, value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: save the row, do not update() it")
        return super().get_db_prep_value(value if value is None else bytes(value), connection, prepared)

    def get_default(self) -> Any:
        return None if self.default is models.NOT_PROVIDED else models.Field.get_default(self)

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it cannot be searched")
        return super().get_lookup(lookup_name)


class SealedTextField(SealedField):
    def encode(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} holds text")
        return value.encode()

    def decode(self, content: bytes) -> str:
        return content.decode()


class SealedJSONField(SealedField):
    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    def decode(self, content: bytes) -> Any:
        return json.loads(content)


def _owner(instance: models.Model) -> uuid.UUID:
    return instance.pk if instance._meta.model_name == "patient" else instance.patient_id  # type: ignore[attr-defined]
