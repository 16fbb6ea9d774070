"""Seed content → rows. A row that a person has changed since the last seed is left alone; anything else follows the seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import models, transaction

from personalize import content as values
from personalize.content.plain import is_left_out_at_default, plain
from portal.models import content as rows
from portal.models.editable import Editable, Revision

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row as the seed has it. key: how the seed names it; fixed: columns that identify it; columns: those a person may change;
    links: what it points to, in order."""

    key: Key
    fixed: Mapping[str, Any]
    columns: Mapping[str, Any]
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """How one kind of row is named, which of its columns the seed writes, and what to fetch with it."""

    model: type[Editable]
    key: Callable[[Any], Key]
    columns: tuple[str, ...]
    related: tuple[str, ...] = ()
    links: str = ""


def _written(value: type, but: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return (*(one.name for one in fields(value) if one.name not in but and not is_left_out_at_default(one)), *more)


_SOURCES = _Table(rows.Source, lambda row: (row.pk,), _written(values.Source, ("key",)))
_FACTS = _Table(rows.Fact, lambda row: (row.pk,), _written(values.FactStatement, ("id", "source_keys")), links="cited")
_TERMS = _Table(rows.GlossaryTerm, lambda row: (row.pk,), _written(values.GlossaryTerm, ("term",)))
_ANSWERS = _Table(rows.Answer, lambda row: (row.pk,), _written(values.Answer, ("slug", "sections")))
_SECTIONS = _Table(rows.Section, lambda row: (row.answer_id, row.code), ("title", "order"))
_PASSAGES = _Table(
    rows.Passage,
    lambda row: (row.section.answer_id, row.section.code, row.code),
    _written(values.Passage, ("id", "section", "fact_ids"), "position"),
    ("section",),
    "made_of",
)
_GUIDELINES = _Table(rows.Guideline, lambda row: (row.cancer, row.title, row.publisher), ("year", "url"))
_SERVICES = _Table(rows.Service, lambda row: (row.name,), _written(values.Service, ("name", "source_key"), "source_id"))
_FIXED = _Table(rows.FixedText, lambda row: (row.pk,), _written(values.FixedText, ("id",)))
_DISAGREEMENTS = _Table(rows.Disagreement, lambda row: (row.pk,), _written(values.Disagreement, ("id",)))
_TRANSLATIONS = _Table(
    rows.Translation, lambda row: (row.language, row.kind, row.name), _written(values.Translation, ("language", "kind", "name"))
)


@transaction.atomic
def store_content(content: values.Content, translations: Iterable[values.Translation] = ()) -> int:
    """Write the seed; returns how many rows were made, replaced or taken away."""
    changed = 0
    gone: list[tuple[_Table, list[Editable]]] = []
    for table, wanted in _parts(content, tuple(translations)):
        written, left = _sync(table, list(wanted()))
        changed += written
        gone.append((table, left))
    changed += sum(_remove(table, row) for table, left in reversed(gone) for row in left)
    if changed:
        Revision.advance()
    return changed


def _parts(
    content: values.Content, translations: tuple[values.Translation, ...]
) -> Iterable[tuple[_Table, Callable[[], Iterable[_Wanted]]]]:
    """Tables with their rows, wholes before parts. Rows are made late: passages need the ids of their sections."""
    sections = [(one.slug, order, part) for one in content.answers for order, part in enumerate(one.sections)]
    return (
        (_SOURCES, lambda: (_wanted(_SOURCES, one, {"key": one.key}) for one in content.sources)),
        (_FACTS, lambda: (_wanted(_FACTS, one, {"id": one.id}, one.source_keys) for one in content.facts)),
        (_TERMS, lambda: (_wanted(_TERMS, one, {"term": one.term}) for one in content.glossary)),
        (_ANSWERS, lambda: (_wanted(_ANSWERS, one, {"slug": one.slug}) for one in content.answers)),
        (_SECTIONS, lambda: (_section(slug, order, part) for slug, order, part in sections)),
        (_PASSAGES, lambda: _passages(sections)),
        (_GUIDELINES, lambda: (_wanted(_GUIDELINES, one, _named(one, "cancer", "title", "publisher")) for one in content.guidelines)),
        (_SERVICES, lambda: (_wanted(_SERVICES, one, {"name": one.name}, source_id=one.source_key or None) for one in content.services)),
        (_FIXED, lambda: (_wanted(_FIXED, one, {"code": one.id}) for one in content.fixed_texts)),
        (_DISAGREEMENTS, lambda: (_wanted(_DISAGREEMENTS, one, {"code": one.id}) for one in content.disagreements)),
        (_TRANSLATIONS, lambda: (_wanted(_TRANSLATIONS, one, _named(one, "language", "kind", "name")) for one in translations)),
    )


def _named(value: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _wanted(table: _Table, value: Any, fixed: Mapping[str, Any], links: tuple[str, ...] = (), **more: Any) -> _Wanted:
    known = plain(value) | more
    if hasattr(value, "checked_on"):
        known["checked_on"] = value.checked_on
    return _Wanted(tuple(fixed.values()), fixed, {name: known[name] for name in table.columns}, links)


def _section(slug: str, order: int, section: values.Section) -> _Wanted:
    return _Wanted((slug, section.id), {"answer_id": slug, "code": section.id}, {"title": section.title, "order": order})


def _passages(sections: Iterable[tuple[str, int, values.Section]]) -> Iterable[_Wanted]:
    ids = {(row.answer_id, row.code): row.pk for row in rows.Section.objects.all()}
    for slug, _, section in sections:
        for position, one in enumerate(section.passages):
            fixed = {"section_id": ids[slug, section.id], "code": one.id}
            made = _wanted(_PASSAGES, one, fixed, one.fact_ids, position=position)
            yield _Wanted((slug, section.id, one.id), fixed, made.columns, made.links)


def _sync(table: _Table, wanted: list[_Wanted]) -> tuple[int, list[Editable]]:
    """How many rows were written, and the rows that the seed does not name."""
    found = {table.key(row): row for row in _rows(table)}
    new: list[Any] = []
    changed: list[Any] = []
    written: list[tuple[Any, _Wanted]] = []
    for one in wanted:
        row, digest = found.pop(one.key, None), _digest(one.columns, one.links)
        if row is not None and (row.seed_digest == digest or _is_edited(table, row)):
            continue
        if row is None:
            row = table.model(**one.fixed)
            new.append(row)
        else:
            changed.append(row)
        for name, value in one.columns.items():
            setattr(row, name, value)
        row.seed_digest = digest
        written.append((row, one))
    table.model._default_manager.bulk_create(new)
    for row in changed:
        models.Model.save(row)
    _link(table, written)
    return len(written), list(found.values())


def _rows(table: _Table) -> Any:
    found = table.model._default_manager.select_related(*table.related) if table.related else table.model._default_manager.all()
    return found.prefetch_related(table.links) if table.links else found


def _link(table: _Table, written: list[tuple[Any, _Wanted]]) -> None:
    """The ordered links of the rows written: facts to their sources, passages to their facts."""
    made: list[Any] = []
    for row, one in written if table.links else ():
        if table is _FACTS:
            made += [rows.FactSource(fact_id=row.pk, source_id=key, order=n) for n, key in enumerate(one.links)]
        else:
            made += [rows.PassageFact(passage_id=row.pk, fact_id=key, order=n) for n, key in enumerate(one.links)]
    if not made:
        return
    link = type(made[0])
    owner = "fact" if table is _FACTS else "passage"
    link._default_manager.filter(**{f"{owner}__in": [row.pk for row, _ in written]}).delete()
    link._default_manager.bulk_create(made)


def _digest(columns: Mapping[str, Any], links: Iterable[str] = ()) -> str:
    return hashlib.sha256(json.dumps([dict(columns), list(links)], sort_keys=True, default=str).encode()).hexdigest()


def _is_edited(table: _Table, row: Editable) -> bool:
    """The row no longer equals what the seed last wrote."""
    return row.seed_digest != _digest({name: getattr(row, name) for name in table.columns}, row.links())


def _remove(table: _Table, row: Editable) -> int:
    """Takes away a row that the seed made and no longer has, unless a person edited it or something stands on it."""
    if not row.seed_digest or _is_edited(table, row) or row.is_in_use():
        return 0
    models.Model.delete(row)
    return 1
