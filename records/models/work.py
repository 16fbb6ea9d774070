"""The queue: one row for each step of reading, claimed by workers through records.queue."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from records.models.columns import together
from records.models.document import Document
from records.models.patient import Patient
from records.states import WorkState


class Work(models.Model):
    """One thing to do. number: the page, 0 for the other steps.

    A claim is a lease, no state: token and lease_until are set by who claims, and whoever finishes must still hold the token.
    holder names the process that made the last claim (records/processes.py). attempts counts claims; rung_at is when a worker was last told of
    it; seconds is how long the try took that ended it.
    """

    class Step(models.TextChoices):
        DOCUMENT = "document", "Open the file and count its pages"
        PAGE = "page", "Read one page"
        EXTRACT = "extract", "Find the facts"
        PROFILE = "profile", "Put the profile together"

    State = models.TextChoices("State", {one.name: one.value for one in WorkState})  # type: ignore[misc]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="work", null=True, blank=True)
    step = models.CharField(max_length=20, choices=Step.choices)
    reading = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20, choices=State.choices, default=WorkState.WAITING.value)
    failure_code = models.CharField(max_length=30, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    holder = models.CharField(max_length=100, blank=True, default="", db_default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "number"]
        verbose_name_plural = "work"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure_code="") | ~Q(state="failed") & Q(failure_code=""),
                name="work_failure_code_iff_failed",
            ),
            together("token", "lease_until", name="work_token_and_lease"),
            models.UniqueConstraint(
                fields=["document", "step", "reading", "number"],
                condition=Q(state__in=["waiting", "held"], document__isnull=False),
                name="work_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["document", "step", "reading"]),
            models.Index(fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return str(self.id)
