"""What is held about a person, what they agreed to, and who looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.presenters.dates import day_words

PURPOSES: tuple[tuple[str, Any, Any], ...] = (
    ("reading", gettext_lazy("Reading my records"), gettext_lazy("A machine reads the files you send and finds facts in them.")),
    (
        "review",
        gettext_lazy("Check by a care coordinator"),
        gettext_lazy("A person of our team may look at your records and check the facts."),
    ),
    ("alerts", gettext_lazy("Messages when something changes"), gettext_lazy("An e-mail with no health facts in it.")),
)
NOTICES: tuple[tuple[str, Any], ...] = (
    ("file_read", gettext_lazy("A file was read")),
    ("needs_you", gettext_lazy("Something needs you, such as a question")),
    ("review_done", gettext_lazy("Our team finished its check")),
    ("answer_changed", gettext_lazy("My answer changed")),
)
_ACTIONS: dict[str, Any] = {
    "looked": gettext_lazy("looked at the record"),
    "patient.opened": gettext_lazy("opened the record"),
    "document.received": gettext_lazy("sent a file"),
    "document.ready": gettext_lazy("read a file"),
    "document.failed": gettext_lazy("could not read a file"),
    "document.deleted": gettext_lazy("deleted a file"),
    "document.unlocked": gettext_lazy("typed the password of a file"),
    "document.accepted": gettext_lazy("said that a file is yours"),
    "document.retried": gettext_lazy("asked to read a file again"),
    "finding.reviewed": gettext_lazy("said if a fact is right"),
    "finding.added": gettext_lazy("added a fact from a page"),
    "finding.taken_back": gettext_lazy("took back what they said of a fact"),
    "question.asked": gettext_lazy("asked you a question"),
    "question.answered": gettext_lazy("answered a question"),
    "patient.deleted": gettext_lazy("deleted everything"),
    "trial.saved": gettext_lazy("put a trial aside"),
    "place.told": gettext_lazy("said where you live, for the distance to trials"),
    "fact.stated": gettext_lazy("added a fact"),
    "consent.given": gettext_lazy("agreed"),
    "consent.withdrawn": gettext_lazy("took back an agreement"),
    "review.requested": gettext_lazy("asked for a check"),
    "review.claimed": gettext_lazy("started a check"),
    "review.released": gettext_lazy("stopped a check"),
    "profile.signed_off": gettext_lazy("finished a check"),
    "access.granted": gettext_lazy("let someone see the record"),
    "access.revoked": gettext_lazy("took away someone's access"),
    "access.ended": gettext_lazy("ended access to the record, with a reason"),
    "access.offered": gettext_lazy("invited someone"),
    "access.withdrawn": gettext_lazy("took back an invitation"),
    "access.accepted": gettext_lazy("took up an invitation"),
    "link.made": gettext_lazy("made a link for a doctor"),
    "link.revoked": gettext_lazy("ended a link"),
    "link.opened": gettext_lazy("opened the summary"),
    "support.opened": gettext_lazy("opened the record to help, with a reason"),
    "support.ended": gettext_lazy("closed the record"),
    "log.searched": gettext_lazy("searched the list of who looked"),
    "notices.chosen": gettext_lazy("chose which e-mails to get"),
    "exported": gettext_lazy("saved a copy of everything"),
}
_ROLES: dict[str, Any] = {
    "coordinator": gettext_lazy("A care coordinator"),
    "patient": gettext_lazy("Someone you share with"),
    "admin": gettext_lazy("An administrator"),
}
_WHY: dict[str, Any] = {
    "review": gettext_lazy("to check the facts"),
    "proof": gettext_lazy("to see the words of a fact"),
    "answer": gettext_lazy("to read the answer"),
    "trials": gettext_lazy("to see trials"),
    "alerts": gettext_lazy("to see if a mail is due"),
    "facts": gettext_lazy("to see the facts"),
    "files": gettext_lazy("to see the files"),
    "print": gettext_lazy("to print pages"),
    "privacy": gettext_lazy("to see this page"),
    "export": gettext_lazy("to save a copy"),
    "download": gettext_lazy("to save a file"),
    "upload": gettext_lazy("to send files"),
    "questions": gettext_lazy("to see questions"),
    "sharing": gettext_lazy("to see who has access"),
    "support": gettext_lazy("to help"),
}
# What a page of the person's own fetches by itself while it is open.
_BY_ITSELF = frozenset({"progress", "page picture"})
MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """can_ask: agreed, and the team is not at it: the person may ask for a check (again)."""

    purpose: str
    title: Any
    text: Any
    is_given: bool
    since: str
    can_ask: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What one person did on one day. is_refused: they tried and were turned away."""

    who: str
    what: str
    times: str
    is_refused: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class LookDay:
    day: str
    looks: tuple[Look, ...]


def consent_rows(given: Iterable[Any], *, is_under_review: bool) -> tuple[ConsentRow, ...]:
    since = {one.purpose: one.given_at for one in given if one.withdrawn_at is None}
    return tuple(
        ConsentRow(
            purpose,
            title,
            text,
            purpose in since,
            day_words(since[purpose]) if purpose in since else "",
            purpose == "review" and purpose in since and not is_under_review,
        )
        for purpose, title, text in PURPOSES
    )


def held_rows(scope: Any, patient: Any) -> tuple[tuple[Any, int], ...]:
    """Everything that is kept of a person, and how much of each."""
    return (
        (_("Files that you sent"), scope.documents(patient).count()),
        (_("Facts that we read in them"), scope.findings(patient).count()),
        (_("Facts that you told us"), scope.statements(patient).count()),
        (_("Words of people on facts: right, wrong, not sure"), scope.reviews(patient).count()),
        (_("Questions of our team, with your answers"), scope.questions(patient).count()),
        (_("Agreements"), scope.consents(patient).count()),
        (_("Lines of the list of who looked"), scope.access_log(patient).count()),
    )


def look_days(events: Sequence[Any], me: Any) -> tuple[LookDay, ...]:
    """The log by day, newest first; the same act by the same person for the same reason is one line a day."""
    made = []
    told = [one for one in events if not (one.actor == me and one.purpose in _BY_ITSELF)]
    for day, on_day in groupby(told, key=lambda one: timezone.localtime(one.at).date()):
        counted: dict[tuple[Any, str, str, str, str], int] = {}
        for one in on_day:
            key = (one.actor, one.actor_role, one.action, one.outcome, one.purpose)
            counted[key] = counted.get(key, 0) + 1
        made.append(LookDay(day_words(day), tuple(_look(key, times, me) for key, times in counted.items())))
    return tuple(made)


def _name_of(actor: Any, role: str, purpose: str) -> str:
    """Whoever it was, by what they are to the patient."""
    if purpose == "link":
        return _("Someone with your link")
    return str(_ROLES.get(role, _("Our reading machine") if actor is None else _("Someone")))


def _look(key: tuple[Any, str, str, str, str], times: int, me: Any) -> Look:
    actor, role, action, outcome, purpose = key
    is_mine = actor == me
    who = _("You") if is_mine else _name_of(actor, role, purpose)
    said = str(_ACTIONS.get(action, action.replace(".", " ").replace("_", " ")))
    often = ngettext("once", "%(n)d times", times) % {"n": times} if times > 1 else ""
    why = str(_WHY.get(purpose, "")) if action == "looked" else ""
    return Look(who, f"{said} {why}".strip(), often, outcome == "refused", is_mine)
