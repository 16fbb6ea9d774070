"""Badges for the state of a fact, and links to the words behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalize.profile import Check, EvidenceRef, FactState


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a colour and an icon; the word alone says it all. tone: ok, warn, bad, told, quiet."""

    label: Any
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ProofLink:
    """To the page picture with the words marked. url "": there is no page to show."""

    label: str
    url: str
    quote: str


_CHECKS = {
    Check.NOT_CHECKED: Badge(gettext_lazy("Not checked yet"), "warn", "clock"),
    Check.CONFIRMED_BY_COORDINATOR: Badge(gettext_lazy("Checked by our team"), "ok", "check"),
    Check.CONFIRMED_BY_PATIENT: Badge(gettext_lazy("You said it is right"), "ok", "check"),
    Check.TOLD_BY_PATIENT: Badge(gettext_lazy("You told us"), "told", "person"),
    Check.DISPUTED: Badge(gettext_lazy("You were not sure"), "warn", "question"),
}
_STATES = {
    FactState.CONFLICTING: Badge(gettext_lazy("Records disagree"), "bad", "alert"),
    FactState.OUT_OF_DATE: Badge(gettext_lazy("May have changed"), "quiet", "clock"),
    FactState.NOT_FOUND: Badge(gettext_lazy("Not found"), "quiet", "question"),
}


def check_badge(check: Check | None) -> Badge | None:
    return _said(_CHECKS.get(check)) if check else None


def badges(state: FactState | None, check: Check | None) -> tuple[Badge, ...]:
    """The state first where it is not plain "found", then who stands behind it."""
    found = (_STATES.get(state) if state else None, _CHECKS.get(check) if check and state is not FactState.NOT_FOUND else None)
    return tuple(said for one in found if (said := _said(one)))


def _said(badge: Badge | None) -> Badge | None:
    """In the language of the page, looked up once."""
    return replace(badge, label=str(badge.label)) if badge else None


def place_words(file: str, page: int) -> str:
    return _("%(file)s, page %(page)s") % {"file": file, "page": page}


def proof_link(ref: EvidenceRef) -> ProofLink:
    label = place_words(ref.file, ref.page) if ref.page else ref.file or _("Your records")
    return ProofLink(label, reverse("proof", args=[ref.id]) if _is_id(ref.id) else "", ref.quote)


def proof_links(refs: Iterable[EvidenceRef]) -> tuple[ProofLink, ...]:
    """One for each page, in order."""
    by_place = {(one.file, one.page): one for one in reversed(tuple(refs))}
    return tuple(proof_link(one) for one in reversed(by_place.values()))


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None
