"""Fetch trials from ClinicalTrials.gov, or load them from files; says what is new, what closed, and which records cannot be used."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from personalize.profile import PartialDate
from portal.management.json_lines import as_line, open_text, read_lines
from portal.models.trial import RegistryRecord, RegistryVisit, Trial
from portal.trials.ingest import Ingested, ingest
from portal.trials.registry import Query, Registry, RegistryFault

EVERY = 200


class Command(BaseCommand):
    help = (
        "Bring trials up to date. Without a question: the trials that we show. --condition, --intervention, --term: what the registry is asked;"
        " after the first time only for what changed since. --file: a saved page, a JSON list or JSON Lines, gzip allowed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, action="append", default=[], metavar="FILE")
        parser.add_argument("--condition", default="", help="for example: pancreatic cancer")
        parser.add_argument("--intervention", default="", help="for example: CAR-T")
        parser.add_argument("--term", default="", help="any other words")
        parser.add_argument("--status", action="append", default=[], help="for example RECRUITING; several times")
        parser.add_argument("--since", type=dt.date.fromisoformat, help="only records changed on this day or later")
        parser.add_argument("--all", action="store_true", help="everything, also what did not change since the last time")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write all records as they came, one a line, and fetch nothing")

    def handle(self, **options: Any) -> None:
        if options["export"]:
            self.stderr.write(f"{_export(options['export'])} records written.")
        elif options["file"]:
            for path in options["file"]:
                self._show(self._run(_studies_in(path), data_timestamp=""))
        else:
            self._fetch(options)

    def _fetch(self, options: dict[str, Any]) -> None:
        registry = Registry()
        query = _query(options)
        try:
            stamp = registry.data_timestamp()
            result = self._run(registry.studies(query), data_timestamp=stamp, registry=registry)
        except RegistryFault as fault:
            raise CommandError(f"{fault} What came before is stored; run the command again to go on.") from fault
        for nct in sorted(set(query.ncts) - result.seen):
            self.stdout.write(f"{nct}: the registry does not know this number.")
        if not query.ncts:
            defaults = {"data_timestamp": stamp, "finished_at": timezone.now()}
            RegistryVisit.objects.update_or_create(query=_name_of(query), defaults=defaults)
        self._show(result)

    def _run(self, studies: Iterable[Any], *, data_timestamp: str, registry: Registry | None = None) -> Ingested:
        result = Ingested()
        for place, result in enumerate(ingest(studies, now=timezone.now(), data_timestamp=data_timestamp), 1):  # noqa: B007
            if place % EVERY == 0:
                self.stderr.write(f"{place} of {registry.total if registry and registry.total else '?'} records")
        return result

    def _show(self, result: Ingested) -> None:
        self.stdout.write(result.summary())
        for word, ncts in (("closed", result.closed), ("opened", result.opened), ("rules to look at", result.to_check)):
            self._lines(f"{nct}: {word}" for nct in ncts)
        for faults, word in ((result.malformed, "malformed"), (result.partial, "partial")):
            self._lines(f"{fault} ({word})" for fault in faults)

    def _lines(self, lines: Iterable[str]) -> None:
        for one in lines:
            self.stdout.write(one)


def _query(options: dict[str, Any]) -> Query:
    words = {name: options[name] for name in ("condition", "intervention", "term")}
    if not any(words.values()):
        ncts = tuple(Trial.objects.order_by("nct").values_list("nct", flat=True))
        if not ncts:
            raise CommandError("There are no trials to bring up to date. Name a condition or an intervention.")
        return Query(ncts=ncts)
    query = Query(**words, statuses=tuple(options["status"]))
    since = options["since"] or (None if options["all"] else _last_day(query))
    return Query(**words, statuses=query.statuses, since=since)


def _name_of(query: Query) -> str:
    """The question without its day."""
    return "&".join(f"{name}={value}" for name, value in query.parameters().items() if name != "filter.advanced")[:500]


def _last_day(query: Query) -> dt.date | None:
    """The day before the data of the last visit: what was posted late that day is not missed."""
    visit = RegistryVisit.objects.filter(query=_name_of(query)).first()
    said = PartialDate.parse(visit.data_timestamp[:10]) if visit else None
    return said.latest() - dt.timedelta(days=1) if said else None


def _studies_in(path: Path) -> Iterator[Any]:
    """From one study a line (.jsonl), else from a saved page, a list of studies or one study."""
    if not path.is_file():
        raise CommandError(f"There is no file {path.name}.")
    if path.name.removesuffix(".gz").endswith(".jsonl"):
        yield from (study for _, study in read_lines(path))
        return
    with open_text(path) as stream:
        try:
            made = json.load(stream)
        except (ValueError, RecursionError) as fault:
            raise CommandError(f"{path.name} is not JSON. Files with one study a line end in .jsonl.") from fault
    listed = made.get("studies") if isinstance(made, dict) else made
    yield from listed if isinstance(listed, list) else [made]


def _export(path: Path) -> int:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        written = 0
        for record in RegistryRecord.objects.order_by("nct").iterator(chunk_size=200):
            stream.write(as_line(record.study) + "\n")
            written += 1
    return written
