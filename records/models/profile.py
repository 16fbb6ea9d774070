"""Snapshots of what is known of a patient."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from records.keys import SealedJSONField
from records.models.columns import together
from records.models.patient import Patient


class Profile(models.Model):
    """One numbered snapshot: {"profile": …, "conflicts": […]} as personalize.codec writes it. Its content never changes.

    A coordinator's sign-off names the snapshot that was read; a later one is not signed off by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="profiles")
    number = models.PositiveIntegerField()
    content = SealedJSONField()
    is_current = models.BooleanField(default=True)
    built_at = models.DateTimeField(auto_now_add=True)
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="profile_numbered_per_patient"),
            models.UniqueConstraint(fields=["patient"], condition=Q(is_current=True), name="profile_one_current"),
            together("signed_off_by", "signed_off_at", name="profile_signed_off_by_and_at"),
        ]

    def __str__(self) -> str:
        return str(self.id)
