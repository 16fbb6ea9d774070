"""Questions of the team, and who else may see the record, as the patient sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms.questions import AnswerForm
from portal.presenters.dates import day_words, moment_words
from portal.presenters.findings import kind_words, value_words
from records.actions.inviting import is_open

_RIGHTS = {
    "add": gettext_lazy("may send files and add facts"),
    "decide": gettext_lazy("may say if facts are right"),
    "review": gettext_lazy("may check the facts"),
}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """about: the fact that it is about, with its value, or ""; finding: to look at its proof. answer: "" while it is open; form: to answer it."""

    id: Any
    text: str
    about: str
    finding: Any
    on: str
    answer: str
    answered_by: str
    form: AnswerForm


def answer_form(question: UUID, typed: Mapping[str, Any] | None = None) -> AnswerForm:
    return AnswerForm(typed, auto_id=f"answer-{question}-%s")


def question_rows(questions: Iterable[Any], typed: tuple[UUID, AnswerForm] | None = None) -> tuple[QuestionRow, ...]:
    """Open ones first, then those that were answered. typed: the id of a question and the form that a person just sent for it."""
    made = [_row(one, typed[1] if typed and typed[0] == one.pk else answer_form(one.pk)) for one in questions]
    return tuple(sorted(made, key=lambda one: bool(one.answer)))


def _row(question: Any, form: AnswerForm) -> QuestionRow:
    finding = question.finding
    return QuestionRow(
        id=question.pk,
        text=question.text,
        about=f"{kind_words(finding.kind)}: {value_words(finding.kind, finding.value)}" if finding else "",
        finding=finding.pk if finding else None,
        on=day_words(question.asked_at),
        answer=question.answer or "",
        answered_by=str(question.answered_by) if question.answered_by else "",
        form=form,
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody with access, an invitation or a link. what: as the address of revoking says it; note: how often it was used."""

    what: str
    id: Any
    who: str
    rights: str
    until: str
    note: str


def sharing_page(scope: Any, patient: Any) -> tuple[Shared, ...]:
    """All ways into the record that stand now; a link that wrong codes closed stands there as closed."""
    now = timezone.now()
    grants = [one for one in scope.grants(patient) if one.revoked_at is None and (one.until is None or one.until > now)]
    invitations = [one for one in scope.invitations(patient) if one.revoked_at is None and one.grant_id is None and one.expires_at > now]
    support = [one for one in scope.support(patient) if one.ended_at is None and one.until > now]
    links = [one for one in scope.share_links(patient) if one.revoked_at is None and one.until > now]
    return (
        *(Shared("grant", one.pk, str(one.to or _("Care coordinators")), _rights(one.rights), _until(one), "") for one in grants),
        *(Shared("invitation", one.pk, one.email, _rights(one.rights), _until(one), _("Invited, not here yet")) for one in invitations),
        *(Shared("support", one.pk, _("Our support"), _("may see the record"), moment_words(one.until), one.reason) for one in support),
        *(_link(one) for one in links),
    )


def _link(link: Any) -> Shared:
    who = _("Link for my doctor")
    if not is_open(link):
        return Shared("link", link.pk, who, _("is closed"), "", _("A wrong code was typed too often. Make a new link"))
    used = _("Opened %(n)d times, wrong code %(missed)d times") % {"n": link.opened, "missed": link.missed}
    return Shared("link", link.pk, who, _("may see the summary"), _until(link), used)


def ended_for_them(scope: Any, patient: Any) -> tuple[tuple[str, str, str], ...]:
    """Access that an administrator ended: when, whose, and why; newest first."""
    grants = [(one.revoked_at, str(one.to or _("Care coordinators")), one.ended_why) for one in scope.grants(patient) if one.ended_why]
    support = [(one.ended_at, _("Our support"), one.ended_why) for one in scope.support(patient) if one.ended_why]
    return tuple((moment_words(at), who, why) for at, who, why in sorted((*grants, *support), reverse=True))


def _rights(rights: Iterable[str]) -> str:
    return ", ".join((_("may see the record"), *(str(words) for key, words in _RIGHTS.items() if key in rights)))


def _until(one: Any) -> str:
    return day_words(one.until) if one.until else ""


@dataclass(frozen=True, slots=True)
class RecordChoice:
    id: Any
    name: str
    is_here: bool
    is_mine: bool


def record_choices(scope: Any, chosen: str | None) -> tuple[RecordChoice, ...]:
    """One's own record and those shared with this person; none where there is nothing to choose, and for staff. Names no fact."""
    if scope.user.role != "patient":
        return ()
    mine = scope.own_patient()
    found = list(scope.patients().select_related("account"))
    here = next((str(one.pk) for one in found if str(one.pk) == chosen), None) or (str(mine.pk) if mine else "")
    if len(found) < 2 and all(one == mine for one in found):
        return ()
    here = here or str(found[0].pk)
    return tuple(
        RecordChoice(one.pk, _("My record") if one == mine else str(one.account), str(one.pk) == here, one == mine) for one in found
    )
