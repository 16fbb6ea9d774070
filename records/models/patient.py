"""The person a record is about."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from records.keys import SealedJSONField, SealedTextField


class Patient(models.Model):
    """One record, opened by one account. is_caregiver: the account belongs to somebody who cares for the patient.

    place: where they live and how far they travel, {"country", "zip", "miles"}, as records.actions.tell_place takes them; None where not told.
    notices_off: kinds of e-mail (Notice.Kind) that the account does not want.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="patient")
    is_caregiver = models.BooleanField(default=False)
    name = SealedTextField(null=True)
    place = SealedJSONField(null=True)
    notices_off = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
