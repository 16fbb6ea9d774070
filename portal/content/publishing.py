"""Two people for every word on the pages: an author writes a change, somebody else publishes it. Nothing of a change is seen before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from portal.content.wording import faults_of
from portal.models import content as rows
from portal.models.editable import Editable, Revision
from portal.models.publishing import Edition

# The rows whose words are on the pages. Sources, guidelines and the directory say where to look and claim nothing: they are edited at once.
REVIEWED: Mapping[str, type[Editable]] = {
    one._meta.model_name or "": one
    for one in (rows.Answer, rows.Section, rows.Passage, rows.Fact, rows.GlossaryTerm, rows.FixedText, rows.Disagreement, rows.Translation)
}
_LINKS: Mapping[type[Editable], tuple[type[models.Model], str, str]] = {
    rows.Passage: (rows.PassageFact, "passage", "fact"),
    rows.Fact: (rows.FactSource, "fact", "source"),
}
LINKS = "linked to"
WAITS = "Somebody else's change of this waits for review. Publish it or send it back first."
_CHECKED = "checked_on"
_OWN = ("seed_digest", "changed_at")


class NotPublished(Exception):
    """Why a change cannot be published, in one plain sentence. code: the same for programs."""

    def __init__(self, why: str, code: str) -> None:
        super().__init__(why)
        self.code = code


def columns_of(row: Editable, links: Iterable[str] | None = None) -> dict[str, Any]:
    """A row as JSON: its columns, and what it points to in order. links None: those in the database."""
    fields = [one for one in row._meta.concrete_fields if one.name not in _OWN and not isinstance(one, models.AutoField)]
    made = {one.attname: getattr(row, one.attname) for one in fields}
    if type(row) in _LINKS:
        made[LINKS] = list(row.links() if links is None else links)
    read: dict[str, Any] = json.loads(json.dumps(made, cls=DjangoJSONEncoder))
    return read


@transaction.atomic
def write_edition(*, by: Any, row: Editable, links: Sequence[str] | None = None, note: str = "", reason: str = "") -> Edition | None:
    """Keep a change for review; row carries the wished columns and is not saved. None where nothing differs. A change of the same row that
    the same author wrote before is replaced; NotPublished where somebody else's waits."""
    kind = row._meta.model_name or ""
    known = None if row._state.adding else type(row)._default_manager.filter(pk=row.pk).first()
    before = columns_of(known) if known is not None else {}
    after = columns_of(row, links)
    if before == after:
        return None
    object_id = str(row.pk) if known is not None else ""
    waiting = Edition.objects.filter(kind=kind, object_id=object_id, state=Edition.State.WAITING) if object_id else Edition.objects.none()
    if waiting.exclude(author=by).exists():
        raise NotPublished(WAITS, "waiting")
    waiting.update(state=Edition.State.REPLACED)
    return Edition.objects.create(
        kind=kind, object_id=object_id, what=_named(row)[:300], before=before, after=after, note=note, reason=reason, author=by
    )


def _named(row: Editable) -> str:
    if isinstance(row, rows.Passage):
        return f"{row.section}: {row.code}"
    if isinstance(row, rows.Translation):
        return str(row)
    return f"{row._meta.verbose_name}: {row}"


@transaction.atomic
def publish(*, by: Any, edition: Edition) -> Edition:
    """Put a change on the pages. NotPublished if it is the author's own, decided already, or its row changed meanwhile."""
    fresh = _waiting(by, edition)
    if faults := faults_of(fresh.kind, fresh.after, facts=fresh.after.get(LINKS, ()), reason=fresh.reason):
        raise NotPublished(f"The wording keeps it from the pages. {' '.join(faults)}", "wording")
    row = write_row(fresh)
    numbers = Edition.objects.filter(kind=fresh.kind, object_id=str(row.pk), state=Edition.State.PUBLISHED)
    fresh.object_id = str(row.pk)
    fresh.number = (numbers.aggregate(last=models.Max("number"))["last"] or 0) + 1
    _decide(fresh, by, Edition.State.PUBLISHED)
    return fresh


@transaction.atomic
def send_back(*, by: Any, edition: Edition, why: str) -> Edition:
    """Not like this; why: for the author. One's own change can be taken back too."""
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    if fresh.state != Edition.State.WAITING:
        raise NotPublished("This change was decided already.", "decided")
    fresh.answer_to_author = why
    if fresh.author_id == by.pk:
        fresh.state = Edition.State.REPLACED
        fresh.save()
    else:
        _decide(fresh, by, Edition.State.RETURNED)
    return fresh


def _waiting(by: Any, edition: Edition) -> Edition:
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    if fresh.state != Edition.State.WAITING:
        raise NotPublished("This change was decided already.", "decided")
    if fresh.author_id == by.pk:
        raise NotPublished("You wrote this change. Somebody else must publish it.", "own_change")
    return fresh


def _decide(edition: Edition, by: Any, state: Edition.State) -> None:
    edition.state, edition.reviewer, edition.reviewed_at = state, by, timezone.now()
    edition.save()


def write_row(edition: Edition) -> Editable:
    """The row with the change in it, saved. NotPublished if it is no more what the author saw."""
    model = REVIEWED[edition.kind]
    row = model._default_manager.select_for_update().filter(pk=edition.object_id).first() if edition.object_id else model()
    now = columns_of(row) if row is not None and edition.object_id else {}
    is_taken = model is rows.Translation and not edition.object_id and model._default_manager.filter(**_part(edition)).exists()
    if row is None or is_taken or _without_check(now) != _without_check(edition.before):
        raise NotPublished("This was changed meanwhile. The author must look at it again.", "out_of_date")
    _fill(row, {**edition.after, **_later_check(now, edition.after)})
    row.save()
    _link(row, edition.after.get(LINKS, []))
    Revision.advance()
    return row


def _part(edition: Edition) -> dict[str, Any]:
    """Which part of the content a translation is of: there is one translation of each."""
    return {name: edition.after[name] for name in ("language", "kind", "name")}


def _without_check(columns: Mapping[str, Any]) -> dict[str, Any]:
    """That somebody compared a fact with its sources meanwhile changes no word of it."""
    return {name: one for name, one in columns.items() if name != _CHECKED}


def _later_check(now: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    days = [one for one in (now.get(_CHECKED), after.get(_CHECKED)) if one]
    return {_CHECKED: max(days)} if days else {}


def _fill(row: Editable, columns: Mapping[str, Any]) -> None:
    for one in row._meta.concrete_fields:
        if one.attname in columns:
            setattr(row, one.attname, one.to_python(columns[one.attname]))


def _link(row: Editable, wanted: Sequence[str]) -> None:
    if type(row) not in _LINKS:
        return
    model, owner, target = _LINKS[type(row)]
    model._default_manager.filter(**{owner: row}).delete()
    made = [model(**{owner: row, f"{target}_id": key, "order": order}) for order, key in enumerate(dict.fromkeys(wanted))]
    model._default_manager.bulk_create(made)


def put_back(*, by: Any, edition: Edition) -> Edition | None:
    """A new change that brings back what stood there before this one; it waits for a second person like any other."""
    model = REVIEWED[edition.kind]
    row = model._default_manager.filter(pk=edition.object_id).first()
    if row is None or not edition.before:
        raise NotPublished("There is nothing to put back.", "nothing_before")
    _fill(row, edition.before)
    return write_edition(by=by, row=row, links=edition.before.get(LINKS), note=f"Put back as before {edition.written_at:%Y-%m-%d}.")


def published_editions(most: int = 200) -> list[Edition]:
    """The newest first."""
    return list(Edition.objects.filter(state=Edition.State.PUBLISHED).order_by("-reviewed_at", "-pk")[:most])
