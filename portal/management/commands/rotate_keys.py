"""Wraps every patient's key, and seals every secret of a second step, with the current key of the ring. Files and fields are not touched."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.adapters import reseal_secrets
from records.keys import rotate_keys


class Command(BaseCommand):
    help = "After putting a new key first in KEY_RING: lock all with it that the ring locks. The old one can then leave the ring."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate_keys()} keys wrapped anew, {reseal_secrets()} second steps sealed anew.")
