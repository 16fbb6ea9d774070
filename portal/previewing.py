"""What a change would do to the pages of made-up people, before anybody publishes it."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction

from personalize.codec import decode_profile
from personalize.content import ENGLISH, Content
from personalize.profile import PatientProfile
from personalize.tailor import TailoredAnswer, general_page, tailor
from portal.content import current_content, read_content
from portal.models.publishing import Edition
from portal.publishing import NotPublished, write_row

PEOPLE = Path(__file__).parent / "seed" / "people.toml"


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    name: str
    slug: str
    profile: PatientProfile


@dataclass(frozen=True, slots=True)
class Preview:
    """One person's page with the change: what comes, what goes; empty both where it stays the same."""

    name: str
    slug: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@cache
def made_up_people() -> tuple[MadeUpPerson, ...]:
    made = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))["person"]
    return tuple(MadeUpPerson(one["name"], one["answer"], decode_profile(one["profile"])) for one in made)


def content_with(edition: Edition) -> Content:
    """All content as it would be, in the language of the change. NotPublished where the change no longer fits."""
    with transaction.atomic():
        write_row(edition)
        changed = read_content(language_of(edition))
        transaction.set_rollback(True)
    return changed


def language_of(edition: Edition) -> str:
    return str(edition.after.get("language") or ENGLISH)


def preview(edition: Edition, *, today: dt.date) -> tuple[Preview, ...]:
    """The general page of the part first, then one page for each made-up person."""
    now, then = current_content(language_of(edition)), content_with(edition)
    general = [
        _compared(
            f"Everybody's page: {one.title}", one.slug, general_page(now, one.slug, today=today), general_page(then, one.slug, today=today)
        )
        for one in now.answers
        if not one.is_shared and any(other.slug == one.slug for other in then.answers)
    ]
    people = [
        _compared(
            one.name, one.slug, tailor(now, one.profile, today=today, slug=one.slug), tailor(then, one.profile, today=today, slug=one.slug)
        )
        for one in made_up_people()
    ]
    return (*(one for one in general if one.comes or one.goes), *people)


def _compared(name: str, slug: str, before: TailoredAnswer, after: TailoredAnswer) -> Preview:
    old, new = _lines(before), _lines(after)
    return Preview(name, slug, tuple(one for one in new if one not in old), tuple(one for one in old if one not in new))


def _lines(page: TailoredAnswer) -> dict[str, None]:
    """Every line of a page: sentences with their reasons, what is unknown, fixed texts."""
    made = [page.title]
    for one in (*page.banners, *page.lead, *page.questions, *page.trial_notes):
        made.append(_line(one.text, one.reason))
    for part in page.sections:
        made.append(part.title)
        made += [_line(one.text, one.reason) for one in part.sentences]
        made += [f"Left out: {one.text}" for one in part.hidden]
    made += [one.prompt for one in page.unknowns]
    made += [line for block in page.fixed for line in block.lines]
    return dict.fromkeys(made)


def _line(text: str, reason: str | None) -> str:
    return f"{text} ({reason})" if reason else text


__all__ = ["MadeUpPerson", "NotPublished", "Preview", "content_with", "made_up_people", "preview"]
