"""Walks the chain of the audit log."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.audit import Noted, broken_link, end_of_chain

_NOTE = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "Check that no row of the audit log was changed, removed or inserted. Exit 1 and the first broken row if one was. "
        "Prints where the log ends as number:seal; note it outside this database and give it back as --seen, "
        "so that rows cut off the end are missed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seen", metavar="NUMBER:SEAL", help="where the log ended when it was checked before")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = broken_link(_noted(options["seen"]))
        if broken is not None:
            raise CommandError(f"The audit log is broken from row {broken} on.")
        end = end_of_chain()
        self.stdout.write(f"The audit log is whole. It ends at {end.number}:{end.seal}")


def _noted(seen: str | None) -> Noted | None:
    if seen is None:
        return None
    found = _NOTE.fullmatch(seen)
    if found is None:
        raise CommandError("--seen is number:seal, as this command printed it.")
    return Noted(int(found[1]), found[2])
