"""E-mails that wait to be sent. What they say depends on their kind alone: nothing of a record is in them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from records.models.patient import Patient


class Notice(models.Model):
    """One e-mail to the account that opened the record. due_at: not before; attempts: tries that failed."""

    class Kind(models.TextChoices):
        FILE_READ = "file_read", "A file was read"
        NEEDS_YOU = "needs_you", "Something needs you"
        REVIEW_DONE = "review_done", "The check is done"
        ANSWER_CHANGED = "answer_changed", "The answer changed"
        SUPPORT = "support", "Support looked at the record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind"], condition=Q(sent_at__isnull=True), name="notice_one_waiting_of_a_kind")
        ]
        indexes = [models.Index(fields=["sent_at", "due_at"])]

    def __str__(self) -> str:
        return str(self.id)
