"""What rows that people edit have in common, and how each process learns that one of them changed."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models


class Revision(models.Model):
    """Names the present state of content and trials, so that each process knows when what it remembers is old. Every change gives it a
    fresh random number: one that was counted up could come twice where a transaction is rolled back."""

    CONTENT, REGISTRY = 1, 2  # of our content and trials; of the registry's records

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls, of: int = CONTENT) -> int:
        return cls.objects.filter(pk=of).values_list("number", flat=True).first() or 0

    @classmethod
    def advance(cls, of: int = CONTENT) -> None:
        cls.objects.update_or_create(pk=of, defaults={"number": secrets.randbits(62)})


class Editable(models.Model):
    """A row that people edit. seed_digest: what the seed last wrote here; while the row still equals it, a newer seed may replace it."""

    seed_digest = models.CharField(max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Revision.advance()

    def links(self) -> tuple[str, ...]:
        """What the row points to, in order."""
        return ()

    def is_in_use(self) -> bool:
        """Something else stands on this row."""
        return False

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        Revision.advance()
        return deleted
