"""The files a person sent: how far each is, what is wrong, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.forms.records import PasswordForm
from portal.presenters.dates import day_words
from portal.presenters.marks import Badge
from portal.presenters.refusals import refusal
from records.models import Document
from records.scope import Scope
from records.shown import Progress

_READY = Badge(gettext_lazy("Ready"), "ok", "check")
_READING = Badge(gettext_lazy("Reading"), "warn", "clock")
_WAITING = Badge(gettext_lazy("Waiting"), "warn", "clock")
_HELD = Badge(gettext_lazy("On hold"), "quiet", "clock")
_HELP = Badge(gettext_lazy("Needs your help"), "bad", "alert")
_NOT_USED = Badge(gettext_lazy("Not used yet"), "warn", "question")
_PASSWORD = ("locked", "wrong_password")
_PERSON_DECIDES = {
    "not_medical": gettext_lazy("It is a medical record. Read it anyway"),
    "other_person": gettext_lazy("It is mine. Use it"),
}
_TRY_AGAIN = ("timed_out", "quarantined", "no_room", "unreadable")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. password: the form to unlock it; accept: the words of the button that overrides; can_retry: reading again may help."""

    id: Any
    name: str
    badge: Badge
    message: str
    next_step: str
    pages: int
    read: int
    is_unfinished: bool
    is_bad: bool
    password: PasswordForm | None
    accept: Any
    can_retry: bool
    sent_on: str


@dataclass(frozen=True, slots=True)
class FileList:
    """All files with one line that sums them up. has_ready: there is something to look at."""

    rows: tuple[FileRow, ...]
    summary: str
    has_ready: bool
    is_unfinished: bool

    @property
    def unfinished(self) -> tuple[FileRow, ...]:
        return tuple(row for row in self.rows if row.is_unfinished)


def file_list(scope: Scope, documents: Iterable[Document], *, may_read: bool, typed: tuple[Any, PasswordForm] | None = None) -> FileList:
    """What needs the person first, then what is being read, then the rest. typed: the id of a document and the password form that a person just sent for it."""
    listed = list(documents)
    progress, twins = scope.progress_of(listed), scope.twins_of(listed)
    made = [_row(one, progress[one.pk], twins.get(one.pk), may_read=may_read, typed=typed) for one in listed]
    rows = tuple(sorted(made, key=lambda row: (not row.is_bad, not row.is_unfinished)))
    return FileList(rows, summary_words(rows), any(row.badge is _READY for row in rows), any(row.is_unfinished for row in rows))


def file_row(scope: Scope, document: Document) -> FileRow:
    """One file alone."""
    return _row(document, scope.progress(document), scope.twins_of([document]).get(document.pk), may_read=True)


def _row(
    document: Document, progress: Progress, twin: Document | None, *, may_read: bool, typed: tuple[Any, PasswordForm] | None = None
) -> FileRow:
    code = document.failure_code
    message, next_step = refusal(code) if code else (_progress_words(document, progress, may_read), _twin_words(twin))
    form = (typed[1] if typed and typed[0] == document.pk else PasswordForm(prefix=str(document.pk))) if code in _PASSWORD else None
    return FileRow(
        id=document.pk,
        name=document.name,
        badge=_badge(document, may_read),
        message=message,
        next_step=next_step,
        pages=progress.pages or 0,
        read=progress.read + progress.failed,
        is_unfinished=document.is_unfinished and may_read,
        is_bad=bool(code),
        password=form,
        accept=_PERSON_DECIDES.get(code, ""),
        can_retry=code in _TRY_AGAIN,
        sent_on=day_words(document.received_at),
    )


def _badge(document: Document, may_read: bool) -> Badge:
    if document.failure_code:
        return _NOT_USED if document.failure_code in _PERSON_DECIDES else _HELP
    if not document.is_unfinished:
        return _READY
    if not may_read:
        return _HELD
    return _WAITING if document.status == "received" else _READING


def _progress_words(document: Document, progress: Progress, may_read: bool) -> str:
    if not document.is_unfinished:
        return _read_words(progress)
    if not may_read:
        return _("You asked us to stop reading. We will go on when you agree again.")
    if not progress.pages:
        return _("We have this file. It is waiting to be read.")
    if progress.read + progress.failed >= progress.pages:
        return _("All pages are read. We are looking for facts.")
    return _("Read %(read)s of %(pages)s pages.") % {"read": progress.read + progress.failed, "pages": progress.pages}


def _twin_words(twin: Document | None) -> str:
    if twin is None:
        return ""
    return _("It looks like the same report as %(name)s. We keep both; you can delete one.") % {"name": twin.name}


def _read_words(progress: Progress) -> str:
    if not progress.pages:
        return _("We opened this file. The files in it are listed here too.")
    said = ngettext("We read %(n)s page.", "We read all %(n)s pages.", progress.pages) % {"n": progress.pages}
    if progress.failed:
        said = _("We read %(read)s of %(pages)s pages. The others were too hard to read.") % {
            "read": progress.read,
            "pages": progress.pages,
        }
    return said


def summary_words(rows: Sequence[FileRow]) -> str:
    """ "1 file is ready. 2 are being read. 1 needs your help." """
    bad = sum(row.is_bad for row in rows)
    going = sum(row.is_unfinished for row in rows)
    ready = sum(row.badge is _READY for row in rows)
    said = []
    if ready:
        said.append(ngettext("%(n)s file is ready.", "%(n)s files are ready.", ready) % {"n": ready})
    if going:
        said.append(ngettext("%(n)s is being read.", "%(n)s are being read.", going) % {"n": going})
    if bad:
        said.append(ngettext("%(n)s needs your help.", "%(n)s need your help.", bad) % {"n": bad})
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept, and why."""

    name: str
    message: str
    next_step: str
    badge: Badge


_SENT_BEFORE = Badge(gettext_lazy("Already sent"), "warn", "check")


def refused(name: str, code: str) -> Refused:
    return Refused(name, *refusal(code), _SENT_BEFORE if code == "duplicate" else _HELP)
