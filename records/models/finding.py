"""What the machine found, the words behind it, and what people said about it. All of it is kept; none of it is overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from records.keys import SealedJSONField, SealedTextField
from records.models.append_only import AppendOnly
from records.models.document import Document, Page
from records.models.patient import Patient


class Finding(models.Model):
    """One thing a document says (records.extraction.finding.Finding). Its content never changes.

    is_current: the newest extraction of the document still says it. fingerprint: of content and quotes, so that a second extraction of the
    same words adds nothing and people's reviews stay with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="findings")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=30)
    value = SealedJSONField()
    assertion = models.CharField(max_length=20)
    date = SealedTextField(null=True)
    confidence = models.FloatField()
    extractor = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "fingerprint"], name="finding_once_per_document"),
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="finding_confidence_0_to_1"),
        ]
        indexes = [models.Index(fields=["patient", "is_current"])]

    def __str__(self) -> str:
        return str(self.id)


class Evidence(AppendOnly):
    """[start, end) in the text of a page; quote is that text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = SealedTextField()

    class Meta:
        ordering = ["page__number", "start"]
        constraints = [models.CheckConstraint(condition=Q(start__lt=F("end")), name="evidence_start_before_end")]

    def __str__(self) -> str:
        return str(self.id)


class Review(AppendOnly):
    """A person's word on a finding. The newest one of each person counts. by_role: what the person was when deciding.

    TAKEN_BACK undoes the person's last word that still stands: what they said before it counts again (standing).
    """

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        CORRECTED = "corrected", "Corrected"
        REJECTED = "rejected", "Rejected"
        DISPUTED = "disputed", "Disputed"
        TAKEN_BACK = "taken_back", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="reviews")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    corrected = SealedJSONField(null=True)
    note = SealedTextField(default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    by_role = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="corrected", corrected__isnull=False) | ~Q(decision="corrected") & Q(corrected__isnull=True),
                name="review_corrected_value_iff_corrected",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


def standing(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that count, oldest first: without those that were taken back."""
    kept: list[Review] = []
    for one in sorted(reviews, key=lambda review: (review.at, str(review.pk))):
        if one.decision != Review.Decision.TAKEN_BACK:
            kept.append(one)
            continue
        mine = [said for said in kept if said.by_id == one.by_id]
        if mine:
            kept.remove(mine[-1])
    return kept


def word_of_the_team(reviews: Iterable[Review]) -> str:
    """The newest word of a coordinator that stands, or ""."""
    said = [one.decision for one in standing(reviews) if one.by_role == "coordinator"]
    return said[-1] if said else ""


class Statement(AppendOnly):
    """What the patient told us: kind and value as in records.extraction.finding.Kind. The newest one of a kind counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=30)
    value = SealedJSONField()
    date = SealedTextField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)
