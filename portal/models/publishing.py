"""Changes to content on their way to the pages: one person writes, another publishes, and every version stays."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Edition(models.Model):
    """One change to one row of content. before and after: the row's columns as JSON, with its links in order; before is empty for a new
    row, object_id too until it is published. number: which version of its row this is, counted from 1, once published."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        PUBLISHED = "published", "On the pages"
        RETURNED = "returned", "Sent back"
        REPLACED = "replaced", "Written anew by its author"

    kind = models.CharField(max_length=40, editable=False)
    object_id = models.CharField(max_length=120, blank=True, editable=False)
    what = models.CharField(max_length=300, editable=False)
    before = models.JSONField(default=dict, editable=False)
    after = models.JSONField(default=dict, editable=False)
    note = models.CharField("what changed, for readers", max_length=200, blank=True)
    reason = models.TextField("why it cannot be simpler", blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="editions_written", editable=False)
    written_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="editions_reviewed", editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    answer_to_author = models.TextField(blank=True)
    number = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name="nobody_publishes_her_own_words"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(reviewer__isnull=False, reviewed_at__isnull=False, number__isnull=False),
                name="published_by_somebody_some_time",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(state="waiting") & ~Q(object_id=""), name="one_change_of_a_row_waits"
            ),
            models.UniqueConstraint(fields=["kind", "object_id", "number"], condition=Q(state="published"), name="edition_number_once"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def title(self) -> str:
        """What readers call it: the title of the part, never a code."""
        said = self.after.get("words") or self.after
        return str(said.get("title") or said.get("heading") or said.get("term") or self.what.partition(":")[0])
