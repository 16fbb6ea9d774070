"""Receiving, unlocking, accepting, re-reading and deleting files."""

from __future__ import annotations

import errno
import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Sum

from records import audit, queue
from records.actions import readers
from records.actions.profiles import build_profile
from records.actions.recorded import action, fresh, locked
from records.exceptions import RecordsError
from records.keys import digest, key_for
from records.models import Consent, Document, Page, Patient, Work
from records.permissions import check_can_add, has_consent
from records.states import DocumentState, check_step
from records.storage import delete_file, keep_file

PIECE_BYTES = 64 * 1024
MAX_NAME = 200
ACCEPTABLE = ("not_medical", "other_person")
LOCKED = ("locked", "wrong_password")


class _Measured:
    """A stream passed on piece by piece: its head is looked at first; counted and hashed on the way."""

    def __init__(self, content: BinaryIO | bytes) -> None:
        self._stream: Any = io.BytesIO(content) if isinstance(content, bytes) else content
        self.head = self._stream.read(PIECE_BYTES)
        self.size = 0
        self.sha256 = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        piece = self.head
        while piece:
            self.size += len(piece)
            if self.size > settings.MAX_UPLOAD_BYTES:
                raise RecordsError("too_large")
            self.sha256.update(piece)
            yield piece
            piece = self._stream.read(PIECE_BYTES)


@action("document.received", is_atomic=False)
def receive_document(
    *,
    by: Any,
    patient: Patient,
    name: str,
    content: BinaryIO | bytes,
    password: str | None = None,
) -> Document:
    """Keep one file and ring for it to be read. The file is on disk, flushed and in place, before the row that names it.

    Raises RecordsError: no_consent, empty, unsupported, too_large, duplicate, quota, no_room. Call once for each file of an upload.
    """
    check_can_add(by, patient)
    check_room(patient)
    measured = _Measured(content)
    media_type = _media_type(measured.head, name)
    file = keep_pieces(patient, measured)
    try:
        with transaction.atomic():
            mine = locked(patient.pk)
            check_can_add(by, mine)
            check_room(mine, measured.size)
            document = add_document(mine, name=name, file=file, media_type=media_type, measured=measured, password=password)
            audit.record(by=by, action="document.received", patient=mine.pk, target=document)
    except (OperationalError, InterfaceError):
        raise  # a database that went away may have kept the row: the file stays, and is cleared as an orphan where it did not
    except BaseException:
        delete_file(file)
        raise
    return document


def _media_type(head: bytes, name: str) -> str:
    if not head:
        raise RecordsError("empty")
    media_type = readers.sniff(head, name)
    if media_type is None:
        raise RecordsError("unsupported")
    return media_type


def check_room(patient: Patient, more: int = 0) -> None:
    """Raises RecordsError: no_consent, or quota where `more` bytes do not fit."""
    if not has_consent(patient.pk, Consent.Purpose.READING):
        raise RecordsError("no_consent")
    mine = Document.objects.filter(patient=patient)
    total = mine.aggregate(total=Sum("byte_size"))["total"] or 0
    if mine.count() >= settings.MAX_DOCUMENTS_PER_PATIENT or total + more > settings.MAX_PATIENT_BYTES:
        raise RecordsError("quota")


def keep_pieces(patient: Patient, pieces: Iterable[bytes]) -> str:
    """On disk and flushed when it returns. Raises RecordsError: no_room."""
    try:
        return keep_file(key_for(patient.pk, "files"), patient.pk, pieces)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RecordsError("no_room") from error
        raise


def add_document(
    patient: Patient, *, name: str, file: str, media_type: str, measured: _Measured, password: str | None, parent: Document | None = None
) -> Document:
    """The row of a file that is already kept, and the work of reading it. Inside a transaction that holds the patient."""
    fingerprint = digest(patient.pk, measured.sha256.digest())
    if Document.objects.filter(patient=patient, digest=fingerprint).exists():
        raise RecordsError("duplicate")
    document = Document(
        patient=patient,
        parent=parent,
        name=name[-MAX_NAME:],
        file=file,
        media_type=media_type,
        byte_size=measured.size,
        digest=fingerprint,
        password=password or None,
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        raise RecordsError("duplicate") from None
    queue.add_work(Work.Step.DOCUMENT, patient=patient.pk, document=document)
    return document


def keep_member(parent: Document, name: str, content: bytes, media_type: str) -> Document | None:
    """A file out of an archive, kept like one that was sent; None where the patient already has it."""
    measured = _Measured(content)
    file = keep_pieces(parent.patient, measured)
    try:
        with transaction.atomic():
            patient = locked(parent.patient_id)
            check_room(patient, measured.size)
            return add_document(patient, name=name, file=file, media_type=media_type, measured=measured, password=None, parent=parent)
    except RecordsError as error:
        delete_file(file)
        if error.code == "duplicate":
            return None
        raise
    except BaseException:
        delete_file(file)
        raise


@action("document.unlocked")
def unlock_document(*, by: Any, document: Document, password: str) -> Document:
    """Try a locked file again with this password; a wrong one fails as wrong_password when the file is opened."""
    row = _held(by, document)
    if row.failure_code in LOCKED:
        row.password = password
        read_again(row)
        audit.record(by=by, action="document.unlocked", patient=row.patient_id, target=row)
    return row


@action("document.accepted")
def accept_document(*, by: Any, document: Document) -> Document:
    """The person says: it is a medical record, and it is mine. Its facts count from then on."""
    row = _held(by, document)
    if row.failure_code in ACCEPTABLE:
        check_step(row.status, DocumentState.EXTRACTING)
        row.is_accepted, row.status, row.failure_code, row.finished_at = True, DocumentState.EXTRACTING, "", None
        row.save()
        queue.add_work(Work.Step.EXTRACT, patient=row.patient_id, document=row)
        audit.record(by=by, action="document.accepted", patient=row.patient_id, target=row)
    return row


@action("document.retried")
def retry_document(*, by: Any, document: Document) -> Document:
    """Read it once more from the start; what people said about its facts stays. Nothing happens while it is being read."""
    row = _held(by, document)
    if not row.is_unfinished:
        read_again(row)
        audit.record(by=by, action="document.retried", patient=row.patient_id, target=row)
    return row


def _held(by: Any, document: Document) -> Document:
    patient = locked(document.patient_id)
    check_can_add(by, patient)
    if not has_consent(patient.pk, Consent.Purpose.READING):
        raise RecordsError("no_consent")
    return fresh(document)


def read_again(row: Document) -> None:
    check_step(row.status, DocumentState.READING)
    row.status, row.failure_code, row.finished_at, row.page_count = DocumentState.READING, "", None, None
    row.reading += 1
    row.save()
    queue.add_work(Work.Step.DOCUMENT, patient=row.patient_id, document=row)


@action("document.deleted")
def delete_document(*, by: Any, document: Document) -> None:
    """The file, its pages and pictures, findings and reviews, and what came out of it if it was an archive."""
    patient = locked(document.patient_id)
    check_can_add(by, patient)
    row = fresh(document)
    gone = [row.pk, *Document.objects.filter(parent=row).values_list("pk", flat=True)]
    files = list(Document.objects.filter(pk__in=gone).values_list("file", flat=True))
    files += Page.objects.filter(document__in=gone).exclude(image="").values_list("image", flat=True)
    row.delete()
    build_profile(patient)
    audit.record(by=by, action="document.deleted", patient=patient.pk, target_name="document", target_id=gone[0])
    for file in files:
        transaction.on_commit(lambda file=file: delete_file(file), robust=True)
