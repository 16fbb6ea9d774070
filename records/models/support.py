"""An administrator looked at a record to help: why, for how long, and the patient is told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from records.keys import SealedTextField
from records.models.columns import ACCOUNT
from records.models.patient import Patient


class SupportAccess(models.Model):
    """One account may look until a moment; it changes nothing. Ended early by whoever opened it, by the patient, or by an administrator
    who says why (ended_why)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="support")
    by = models.ForeignKey(**ACCOUNT)
    reason = SealedTextField()
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = SealedTextField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="support_access_ends_after_it_opens")]

    def __str__(self) -> str:
        return str(self.id)
