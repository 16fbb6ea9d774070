"""Wraps every patient's key with the current key of the ring. Files and fields are not touched."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from records.keys import rotate_keys


class Command(BaseCommand):
    help = "After putting a new key first in KEY_RING: wrap all patients' keys with it. The old one can then leave the ring."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate_keys()} keys wrapped anew.")
