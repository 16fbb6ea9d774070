"""Links that let somebody in: a caregiver to the record, a doctor to the summary. Only a digest of a link is kept."""

from __future__ import annotations

import uuid

from django.db import models

from records.keys import SealedTextField
from records.models.columns import ACCOUNT
from records.models.patient import Patient
from records.models.sharing import Grant


class Invitation(models.Model):
    """The patient asks somebody to help. Who has the link, and this e-mail address confirmed, gets `rights` until a moment.

    digest: SHA-256 of the link's secret. grant: what came of it, once accepted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="invitations")
    email = SealedTextField()
    rights = models.JSONField(default=list)
    until = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(**ACCOUNT)
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    grant = models.OneToOneField(Grant, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation")

    class Meta:
        ordering = ["-invited_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class ShareLink(models.Model):
    """A link to the summary for a doctor, opened with a code. opened, missed: how often the right and a wrong code were typed.

    digest: SHA-256 of the link's secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="share_links")
    digest = models.CharField(max_length=64, unique=True)
    code = SealedTextField()
    made_by = models.ForeignKey(**ACCOUNT)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return str(self.id)
