"""What the patient agreed to, and who else may see the record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from records.keys import SealedTextField
from records.models.columns import ACCOUNT, together
from records.models.patient import Patient

_OPEN = Q(closed_at__isnull=True)
UNSURE = 0.8  # confidence under which a fact is looked at first


class Consent(models.Model):
    """One purpose, one version of its text. Given and, perhaps, withdrawn; given again is a new row."""

    class Purpose(models.TextChoices):
        READING = "reading", "Reading my records"
        REVIEW = "review", "Review by the care coordinators"
        ALERTS = "alerts", "Messages when something changes"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.CharField(max_length=40)
    given_by = models.ForeignKey(**ACCOUNT)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(**ACCOUNT, null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_open"),
            together("withdrawn_by", "withdrawn_at", name="consent_withdrawn_by_and_at"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Grant(models.Model):
    """Somebody else may see this record: one account (`to`), or the coordinators' team (`to` is null). Until a day, or until revoked.

    ended_why: what an administrator who ended it said, for the patient to read.
    """

    class Right(models.TextChoices):
        VIEW = "view", "See the record"
        ADD = "add", "Add files and facts"
        DECIDE = "decide", "Confirm, correct and decide"
        REVIEW = "review", "Review as a coordinator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="grants")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="grants", null=True, blank=True)
    rights = models.JSONField(default=list)
    until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(**ACCOUNT)
    granted_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(**ACCOUNT, null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    ended_why = SealedTextField(null=True, blank=True)

    class Meta:
        ordering = ["-granted_at", "id"]
        constraints = [
            together("revoked_by", "revoked_at", name="grant_revoked_by_and_at"),
            models.CheckConstraint(condition=Q(to__isnull=True) | Q(until__isnull=False), name="grant_to_a_person_ends"),
        ]
        indexes = [
            models.Index(fields=["to", "revoked_at"]),
            models.Index(fields=["granted_at", "id"], condition=Q(revoked_at__isnull=True), name="grant_standing"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReviewRequest(models.Model):
    """The patient asked the coordinators to check the facts. claimed_…: a coordinator's lease on it; it ends by itself.

    What makes it urgent is counted whenever the profile is built, so that the queue is put in order without opening a record. conflicts: fields with
    two answers; unsure: facts under UNSURE; facts: all of them. is_counted: False for rows from before they were counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="review_requests")
    requested_by = models.ForeignKey(**ACCOUNT)
    requested_at = models.DateTimeField(auto_now_add=True)
    claimed_by = models.ForeignKey(**ACCOUNT, null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    conflicts = models.PositiveIntegerField(default=0, db_default=0)
    unsure = models.PositiveIntegerField(default=0, db_default=0)
    facts = models.PositiveIntegerField(default=0, db_default=0)
    is_counted = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["requested_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=_OPEN, name="review_request_one_open"),
            together("claimed_by", "claimed_until", name="review_request_claimed_by_and_until"),
        ]
        indexes = [
            models.Index(F("conflicts").desc(), F("unsure").desc(), "requested_at", "id", condition=_OPEN, name="review_request_need"),
            models.Index(fields=["requested_at", "id"], condition=_OPEN, name="review_request_waiting"),
            models.Index(fields=["id"], condition=_OPEN & Q(is_counted=False), name="review_request_uncounted"),
        ]

    def __str__(self) -> str:
        return str(self.id)
