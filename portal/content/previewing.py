"""What a change would do to the pages of made-up people, before anybody publishes it."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction

from personalize.codec import decode_profile
from personalize.content import ENGLISH, Content
from personalize.profile import PatientProfile
from personalize.shape import shape_of
from personalize.tailor import GENERAL_SLUG, TailoredAnswer, general_page, tailor
from portal.content.current import current_content, read_content
from portal.content.publishing import write_row
from portal.models.publishing import Edition

PEOPLE = settings.BASE_DIR / "portal" / "seed" / "people.toml"


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
        for one in now.pages
        if then.has_page(one.slug)
    ]
    people = [_on(one, now, then, today) for one in made_up_people()]
    return (*(one for one in general if one.comes or one.goes), *people)


def preview_on_shape(edition: Edition, told: str, *, today: dt.date) -> Preview:
    """On the shape of a real record. told: the JSON of a profile, as a patient's copy or `manage.py profile` has it; it is stripped of the
    person before anything else, and not kept. ValueError where it is none."""
    read = json.loads(told)
    made = read.get("profile", read) if isinstance(read, dict) else None
    if not isinstance(made, dict):
        raise ValueError("no profile")
    person = MadeUpPerson("The record", GENERAL_SLUG, shape_of(decode_profile(made), today=today))
    return _on(person, current_content(language_of(edition)), content_with(edition), today)


def _on(person: MadeUpPerson, now: Content, then: Content, today: dt.date) -> Preview:
    pages = (tailor(content, person.profile, today=today, slug=person.slug) for content in (now, then))
    return _compared(person.name, person.slug, *pages)


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
