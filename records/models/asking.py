"""What the coordinators ask the patient, and what she answers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from records.keys import SealedTextField
from records.models.finding import Finding
from records.models.patient import Patient

_ACCOUNT = {"to": settings.AUTH_USER_MODEL, "on_delete": models.RESTRICT, "related_name": "+"}


class Question(models.Model):
    """One question of a coordinator, about a finding or about the record. Answered once; text and answer never change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="questions")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="questions", null=True, blank=True)
    text = SealedTextField()
    asked_by = models.ForeignKey(**_ACCOUNT)
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = SealedTextField(null=True)
    answered_by = models.ForeignKey(**_ACCOUNT, null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="question_answered_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
