"""Files on their way."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from records.keys import SealedTextField
from records.models.patient import Patient


class Arrival(models.Model):
    """A file that comes in pieces. label: keyed fingerprint of what the sender calls it, so that the same file goes on where it stopped.

    pieces: names of the stored pieces, in order; kept: how many bytes they are together. Nothing reads a piece before all are there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="arrivals")
    name = SealedTextField()
    label = models.CharField(max_length=64)
    byte_size = models.PositiveBigIntegerField()
    kept = models.PositiveBigIntegerField(default=0)
    pieces = models.JSONField(default=list)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "label"], name="arrival_once_per_patient"),
            models.CheckConstraint(condition=Q(kept__lte=F("byte_size")), name="arrival_is_not_more_than_the_file"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_whole(self) -> bool:
        return self.kept == self.byte_size
