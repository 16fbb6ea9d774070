"""Files that come in pieces, over a line that may break: each piece is on disk before it counts, and the file goes on where it stopped."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Sum
from django.utils import timezone

from records.actions.documents import check_room, keep_pieces, receive_document
from records.actions.recorded import action, fresh, locked
from records.exceptions import RecordsError
from records.keys import digest, key_for
from records.models import Arrival, Document, Patient
from records.permissions import check_can_add
from records.storage import SealedFile, delete_file

FORGOTTEN = dt.timedelta(hours=24)
MOST_UNDER_WAY = 50
# What may go away by itself: the pieces are kept, so that sending may be tried again without sending them again.
PASSING = ("no_room", "quota", "no_consent")


@action("arrival.begun")
def begin_arrival(*, by: Any, patient: Patient, name: str, byte_size: int, label: str) -> Arrival:
    """The file on its way that the sender calls so, begun now or before. Raises RecordsError: no_consent, empty, too_large, quota."""
    mine = locked(patient.pk)
    check_can_add(by, mine)
    if byte_size <= 0:
        raise RecordsError("empty")
    if byte_size > settings.MAX_UPLOAD_BYTES:
        raise RecordsError("too_large")
    called = digest(mine.pk, f"{label}|{name}|{byte_size}".encode())
    begun = Arrival.objects.filter(patient=mine, label=called).first()
    if begun is not None:
        return begun
    under_way = Arrival.objects.filter(patient=mine)
    if under_way.count() >= MOST_UNDER_WAY:
        raise RecordsError("quota")
    check_room(mine, byte_size + (under_way.aggregate(total=Sum("byte_size"))["total"] or 0))
    return Arrival.objects.create(patient=mine, name=name, label=called, byte_size=byte_size)


@action("arrival.piece", is_atomic=False)
def add_piece(*, by: Any, arrival: Arrival, at: int, content: bytes) -> Arrival:
    """Keep the bytes from `at` on. A piece that is not the next one changes nothing: `kept` of what comes back says where to go on.

    Raises RecordsError: no_consent, incomplete (more bytes than the file was said to have), no_room.
    """
    check_can_add(by, arrival.patient)
    if at != arrival.kept or not content:
        return arrival
    if at + len(content) > arrival.byte_size:
        raise RecordsError("incomplete")
    check_room(arrival.patient)
    piece = keep_pieces(arrival.patient, [content])
    try:
        with transaction.atomic():
            check_can_add(by, locked(arrival.patient_id))
            row: Arrival = fresh(arrival)
            is_next = row.kept == at
            if is_next:
                row.kept, row.pieces = at + len(content), [*row.pieces, piece]
                row.save(update_fields=["kept", "pieces", "touched_at"])
    except (OperationalError, InterfaceError):
        raise  # a database that went away may have kept the row that names the piece
    except BaseException:
        delete_file(piece)
        raise
    if not is_next:
        delete_file(piece)
    return row


@action("arrival.finished", is_atomic=False)
def finish_arrival(*, by: Any, arrival: Arrival) -> Document:
    """All pieces are here: one file, received like any other, with its refusals; then the pieces go."""
    check_can_add(by, arrival.patient)
    if not arrival.is_whole:
        raise RecordsError("incomplete")
    try:
        with io.BufferedReader(_Joined(key_for(arrival.patient_id, "files"), arrival.pieces)) as content:
            document = receive_document(by=by, patient=arrival.patient, name=arrival.name, content=content)
    except RecordsError as error:
        if error.code not in PASSING:
            _forget(arrival)
        raise
    _forget(arrival)
    return document


def forget_arrivals() -> int:
    """What nobody went on sending for a day. Returns how many."""
    forgotten = list(Arrival.objects.filter(touched_at__lt=timezone.now() - FORGOTTEN)[:200])
    for arrival in forgotten:
        _forget(arrival)
    return len(forgotten)


def _forget(arrival: Arrival) -> None:
    """Row first: a stop in between leaves pieces that no row names, which the sweeper clears."""
    Arrival.objects.filter(pk=arrival.pk).delete()
    for piece in arrival.pieces:
        delete_file(piece)


class _Joined(io.RawIOBase):
    """Sealed pieces read one after another as one plain stream. A read gives what is left of a piece: wrap it for reads that are full."""

    def __init__(self, key: bytes, pieces: list[str]) -> None:
        super().__init__()
        self._key, self._waiting = key, list(pieces)
        self._open: SealedFile | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._open or self._waiting:
            if self._open is None:
                self._open = SealedFile(self._key, self._waiting.pop(0))
            if count := self._open.readinto(buffer):
                return count
            self._open.close()
            self._open = None
        return 0

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        super().close()
