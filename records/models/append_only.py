"""Rows that are written once: what a page said, what a person decided, who looked."""

from __future__ import annotations

from typing import Any

from django.db import models


class WrittenOnce(Exception):
    """A row of an append-only table was to be changed or removed."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        raise WrittenOnce

    def bulk_update(self, *args: Any, **options: Any) -> int:
        raise WrittenOnce


class KeptForeverQuerySet(AppendOnlyQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce


class AppendOnly(models.Model):
    """Added, never changed. It goes only together with the patient or document it belongs to (the database's cascade)."""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce
