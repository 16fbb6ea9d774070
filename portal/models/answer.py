"""Answers as they were made for one person, so that a past page can be shown again exactly."""

from __future__ import annotations

import uuid

from django.db import models

from records.keys import SealedJSONField


class ContentVersion(models.Model):
    """All content as it once was, by its hash. Made when the first answer of it is kept, and never changed."""

    content_hash = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.content_hash


class PersonalizedAnswer(models.Model):
    """One answer: of this profile snapshot, this content, these trials, on this day. rendered: the encoded values, never changed.

    profile_hash: of the facts as they were shown; a coordinator's signature changes it, though not the snapshot. language: which it was shown in;
    content_hash tells the languages apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("records.Patient", on_delete=models.CASCADE, related_name="answers")
    profile = models.ForeignKey("records.Profile", on_delete=models.CASCADE, related_name="answers")
    slug = models.CharField(max_length=80)
    content_hash = models.CharField(max_length=64)
    trials_hash = models.CharField(max_length=64)
    profile_hash = models.CharField(max_length=64, default="")
    language = models.CharField(max_length=5, db_default="en", default="en")
    made_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    rendered = SealedJSONField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "profile_hash", "slug", "content_hash", "trials_hash", "made_on"], name="answer_once_for_the_same_inputs"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SavedTrials(models.Model):
    """The trials that a person put aside to ask about: NCT numbers, in the order they were saved. They say which disease it is: sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField("records.Patient", on_delete=models.CASCADE, related_name="saved_trials")
    ncts = SealedJSONField()

    def __str__(self) -> str:
        return str(self.id)
