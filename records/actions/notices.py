"""Telling the patient by e-mail that there is something to see.

Waiting mails stand in the database: whoever causes one waits for nobody, and what is rolled back tells nothing. The sweeper sends them.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import audit
from records.actions.recorded import action, locked
from records.keys import keyless
from records.models import Consent, Notice, Patient, Profile
from records.permissions import COORDINATOR, check_can_own, has_consent

log = logging.getLogger(__name__)
Kind = Notice.Kind
# Several files or corrections in a row are one mail.
WAIT = {Kind.FILE_READ: dt.timedelta(minutes=2), Kind.ANSWER_CHANGED: dt.timedelta(minutes=10)}
PAUSE = dt.timedelta(hours=1)  # between two mails of a kind
TRY_AGAIN = dt.timedelta(minutes=10)
TRIES = 5
MOST_AT_ONCE = 20
KEPT = dt.timedelta(days=30)  # after sending
SUBJECT = gettext_lazy("Something new for you")
_TEXTS: dict[str, Any] = {
    Kind.FILE_READ: gettext_lazy("A file that you sent has been read."),
    Kind.NEEDS_YOU: gettext_lazy("Something waits for you."),
    Kind.REVIEW_DONE: gettext_lazy("Our team has finished its check."),
    Kind.ANSWER_CHANGED: gettext_lazy("Your page has changed."),
    Kind.SUPPORT: gettext_lazy("A person of our support may look at your record for a short time. Your privacy page says why."),
}


def tell(patient: Patient, kind: str) -> None:
    """In the transaction of what it tells of. Nothing for who does not want it; what waits already is not added again."""
    if kind not in patient.notices_off and has_consent(patient.pk, Consent.Purpose.ALERTS):
        tell_always(patient, kind)


def tell_always(patient: Patient, kind: str) -> None:
    """What nobody can switch off."""
    due = timezone.now() + WAIT.get(Kind(kind), dt.timedelta())
    row, is_new = Notice.objects.get_or_create(patient=patient, kind=kind, sent_at=None, defaults={"due_at": due})
    if not is_new and row.attempts >= TRIES:  # given up long ago: this is a new reason to try
        Notice.objects.filter(pk=row.pk).update(due_at=due, attempts=0)


@contextmanager
def telling_of_change(by: Any, patient: Patient) -> Iterator[None]:
    """Around putting the profile together after a word of the team: what it says anew is told. That a fact is checked says nothing new."""
    before = _said(patient)
    yield
    if by.role == COORDINATOR and _said(patient) != before:
        tell(patient, Kind.ANSWER_CHANGED)


def _said(patient: Patient) -> Any:
    current = Profile.objects.filter(patient=patient, is_current=True).first()
    return _unchecked(current.content["profile"]) if current else None


_OF_CHECKING = ("checked", "confidence", "is_poorly_read")  # of a proof: how sure we are, not what is said


def _unchecked(made: Any) -> Any:
    if isinstance(made, dict):
        return {key: _unchecked(one) for key, one in made.items() if key not in _OF_CHECKING}
    return [_unchecked(one) for one in made] if isinstance(made, list) else made


@action("notices.chosen")
def choose_notices(*, by: Any, patient: Patient, off: Collection[str]) -> None:
    """off: the kinds of mail that the person does not want."""
    mine = locked(patient.pk)
    check_can_own(by, mine)
    mine.notices_off = sorted(set(off) & set(Kind.values))
    mine.save(update_fields=["notices_off"])
    audit.record(by=by, action="notices.chosen", patient=mine.pk, target=mine)


def send_due() -> int:
    """Send what is due; returns how many. The first mail that cannot be sent ends the round: the rest would wait for the same server."""
    sent = 0
    for row in list(_due()):
        if not Notice.objects.filter(pk=row.pk, sent_at=None).update(sent_at=timezone.now()):
            continue  # another sweeper has it
        if not _is_wanted(row):
            Notice.objects.filter(pk=row.pk).delete()
        elif _send(row):
            sent += 1
        else:
            break
    return sent


def _due() -> list[Notice]:
    now = timezone.now()
    waiting = Notice.objects.filter(sent_at=None, due_at__lte=now, attempts__lt=TRIES).select_related("patient__account")
    lately = Notice.objects.filter(sent_at__gt=now - PAUSE)
    told = Q()
    for patient, kind in lately.values_list("patient", "kind"):
        told |= Q(patient=patient, kind=kind)
    return list((waiting.exclude(told) if told else waiting)[:MOST_AT_ONCE])


def _is_wanted(row: Notice) -> bool:
    """Asked again when it is sent: the person may have changed their mind, or be gone."""
    patient = row.patient
    is_there = patient.account.is_active and not keyless([patient.pk])
    if row.kind == Kind.SUPPORT:
        return is_there
    return is_there and row.kind not in patient.notices_off and has_consent(patient.pk, Consent.Purpose.ALERTS)


def _send(row: Notice) -> bool:
    """In the language that the person chose; the sweeper itself has none."""
    with translation.override(row.patient.account.language or settings.LANGUAGE_CODE):
        subject, text = str(SUBJECT), _text(row.kind)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [row.patient.account.email])
    except Exception as error:
        log.warning("notice_not_sent notice=%s error=%s", row.pk, type(error).__name__)
        _put_back(row)
        return False
    return True


def _text(kind: str) -> str:
    is_fixed = kind == Kind.SUPPORT
    return "\n\n".join(
        (
            str(_TEXTS[kind]),
            _("Open CAR-T Guide as you always do and sign in to see it. This mail has no link on purpose."),
            _("You cannot switch this mail off.") if is_fixed else _("You can switch these mails off on your privacy page."),
        )
    )


def _put_back(row: Notice) -> None:
    with transaction.atomic():
        locked(row.patient_id)
        mine = Notice.objects.filter(pk=row.pk)
        if Notice.objects.filter(patient=row.patient_id, kind=row.kind, sent_at=None).exists():
            mine.delete()  # the same was said again meanwhile, and waits
        else:
            mine.update(sent_at=None, attempts=row.attempts + 1, due_at=timezone.now() + TRY_AGAIN)


def forget_notices() -> None:
    now = timezone.now()
    Notice.objects.filter(Q(sent_at__lt=now - KEPT) | Q(made_at__lt=now - KEPT, attempts__gte=TRIES)).delete()
