"""Draws docs/states.md from the tables in records/states.py."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from records.states import draw_states


class Command(BaseCommand):
    help = "Write docs/states.md anew."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "states.md").write_text(draw_states(), encoding="utf-8")
