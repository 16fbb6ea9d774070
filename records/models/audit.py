"""Who looked at or changed which record. Opaque ids only; outlives the patient's record."""

from __future__ import annotations

from typing import Any

from django.db import models

from records.models.append_only import AppendOnly, KeptForeverQuerySet, WrittenOnce


class AuditEvent(AppendOnly):
    """One link of the chain: seal is a keyed hash of this row and of the one before it. Written by records.audit only."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, blank=True)
    actor_role = models.CharField(max_length=20)
    patient = models.UUIDField(null=True, blank=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=40, blank=True, default="")
    target_id = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=80, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    seal = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(KeptForeverQuerySet)()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(id__gte=1), name="audit_counts_from_1")]
        indexes = [models.Index(fields=["patient", "-id"]), models.Index(fields=["actor", "-id"])]

    def __str__(self) -> str:
        return str(self.id)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce
