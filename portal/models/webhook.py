"""Where another program of a person wants to be told that something is new. What goes there is ids, never anything of a record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Webhook(models.Model):
    """One address. looked_until: what was finished before that moment has its deliveries. ended_at: no more is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    made_at = models.DateTimeField(auto_now_add=True)
    looked_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(models.Model):
    """One message of a webhook. target: id of the row that it is about. due_at: when it is tried next; null once it is settled."""

    class Event(models.TextChoices):
        DOCUMENT_READY = "document.ready", "A file was read"
        DOCUMENT_FAILED = "document.failed", "A file could not be read"
        PROFILE_CHANGED = "profile.changed", "What is known changed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=30, choices=Event)
    target = models.UUIDField()
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event", "target", "at"], name="delivery_once")]
        indexes = [models.Index(fields=["due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
