"""Files and the pages read from them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from records.keys import SealedJSONField, SealedTextField
from records.models.append_only import AppendOnly
from records.models.patient import Patient
from records.reading.page import Box, PageText, Source, Word
from records.states import UNFINISHED, DocumentState


class Document(models.Model):
    """One file. digest: keyed fingerprint of its bytes, equal only for equal files of the same patient. reading: which time we read it.

    report: what kind of report it is, its date, the name on it (JSON of records.extraction), once extracted.
    """

    State = models.TextChoices("State", {one.name: one.value for one in DocumentState})  # type: ignore[misc]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="documents")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="members")
    name = SealedTextField()
    password = SealedTextField(null=True)
    file = models.CharField(max_length=80, unique=True)
    media_type = models.CharField(max_length=100)
    byte_size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=20, choices=State.choices, default=DocumentState.RECEIVED.value)
    failure_code = models.CharField(max_length=30, blank=True, default="")
    is_accepted = models.BooleanField(default=False)
    reading = models.PositiveIntegerField(default=1)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    report = SealedJSONField(null=True)
    received_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "digest"], name="document_once_per_patient"),
            models.CheckConstraint(
                condition=Q(status="failed") & ~Q(failure_code="") | ~Q(status="failed") & Q(failure_code=""),
                name="document_failure_code_iff_failed",
            ),
            models.CheckConstraint(condition=Q(byte_size__gt=0), name="document_is_not_empty"),
        ]
        indexes = [models.Index(fields=["patient", "status"])]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def same_as(self) -> str | None:
        """The id of the file that this one was found to show again; that file may be gone since."""
        twin = (self.report or {}).get("same_as")
        return twin if isinstance(twin, str) else None

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


class Page(AppendOnly):
    """A page as one reading found it. image: name of the stored WebP, or ''.

    failure_code: it could not be read (then text is empty), is "blank", or its text must not be used ("unreadable", "other_language").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    reading = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    width = models.FloatField(default=0)
    height = models.FloatField(default=0)
    rotation = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=20, blank=True, default="")
    quality = models.FloatField(null=True, blank=True)
    text = SealedTextField()
    words = SealedJSONField()
    image = models.CharField(max_length=80, blank=True, default="")
    failure_code = models.CharField(max_length=30, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["document", "reading", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "reading", "number"], name="page_once_per_reading"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_counts_from_1"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_read(self) -> bool:
        return not self.failure_code

    @property
    def page_text(self) -> PageText:
        """The page as the reader gave it, words and boxes included."""
        return PageText(
            number=self.number,
            width=self.width,
            height=self.height,
            text=self.text,
            words=tuple(_word(one) for one in self.words),
            source=Source(self.source or Source.STRUCTURED),
            rotation=self.rotation,
            quality=self.quality,
        )

    @staticmethod
    def columns(page: PageText) -> dict[str, Any]:
        """Field values that keep `page`; page_text gives it back (boxes rounded to a millionth of the page)."""
        plain = ("width", "height", "rotation", "quality", "text")
        return {name: getattr(page, name) for name in plain} | {
            "source": page.source.value,
            "words": [[one.start, one.end, one.confidence, *_corners(one.box), *_other(one)] for one in page.words],
        }


def _corners(box: Box | None) -> list[float]:
    return [] if box is None else [round(value, 6) for value in (box.x0, box.top, box.x1, box.bottom)]


def _other(word: Word) -> list[str]:
    return [word.other] if word.other else []


def _word(kept: list[Any]) -> Word:
    """[start, end, confidence], then the box's corners where there is one, then what a second engine read where it differs."""
    start, end, confidence, *rest = kept
    return Word(start, end, Box(*rest[:4]) if rest else None, confidence, *rest[4:5])
