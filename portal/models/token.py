"""Tokens with which a device or a program of a person uses the API in their name."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class DeviceToken(models.Model):
    """digest: SHA-256 of the token, which is shown once and kept nowhere (256 random bits need no slow hash). scopes: what it may do."""

    class Scope(models.TextChoices):
        READ = "read", "Read the record"
        WRITE = "write", "Send files, tell facts, decide, delete"
        REVIEW = "review", "Work on the coordinators' queue"
        CONTENT = "content", "Read content and work on its changes"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="device_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return str(self.id)
