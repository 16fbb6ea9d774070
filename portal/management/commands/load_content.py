"""Fill the database with the seed of content and trials. What a person edited is left alone; safe to run at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from personalize.content import ContentFault, load_seed
from personalize.content.translated_seed import load_translations
from portal.content.seeding import store_content
from portal.trials.seeding import load_trials

SEED = Path(__file__).resolve().parents[2] / "seed"


class Command(BaseCommand):
    help = "Load the seed of answers, facts, sources, words, guidelines, services and trials."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = load_seed(SEED)
            translations = load_translations(SEED / "es", content, "es")
        except ContentFault as fault:
            raise CommandError(str(fault)) from fault
        written = store_content(content, translations)
        self.stdout.write(f"Content: {len(content.answers)} answers, {len(content.facts)} facts, {written} rows written.")
        self.stdout.write(f"Spanish: {len(translations)} parts.")
        self.stdout.write(f"Trials: {load_trials()} written.")
