"""What the coordinators ask the patient, and what she answers."""

from __future__ import annotations

import uuid

from django.db import models

from records.keys import SealedTextField
from records.models.columns import ACCOUNT, together
from records.models.finding import Finding
from records.models.patient import Patient


class Question(models.Model):
    """One question of a coordinator, about a finding or about the record. Answered once; text and answer never change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="questions")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="questions", null=True, blank=True)
    text = SealedTextField()
    asked_by = models.ForeignKey(**ACCOUNT)
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = SealedTextField(null=True)
    answered_by = models.ForeignKey(**ACCOUNT, null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [together("answer", "answered_by", "answered_at", name="question_answered_by_and_at")]

    def __str__(self) -> str:
        return str(self.id)
