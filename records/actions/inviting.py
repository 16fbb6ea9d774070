"""Letting somebody in by a link: a caregiver to the record, a doctor to the summary. The secret of a link is shown once and never kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from records import audit
from records.actions.recorded import action, fresh, locked
from records.actions.sharing import OPENLY_GRANTED, grant_access
from records.exceptions import RecordsError
from records.keys import KeyDestroyed
from records.models import Grant, Invitation, ShareLink
from records.permissions import NotVisible, can_open, check_can_own

INVITATION_DAYS = 7  # to accept it
LONGEST_DAYS = 366  # that a caregiver's access lasts
LINK_DAYS = (1, 7, 30)
MOST_OPEN = 10  # invitations and links of one patient at a time
MOST_MISSES = 5  # wrong codes that end a link
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@dataclass(frozen=True, slots=True)
class Invited:
    """secret: of the link to send."""

    invitation: Invitation
    secret: str


@dataclass(frozen=True, slots=True)
class Linked:
    """secret: of the link; code: to be told apart from it."""

    link: ShareLink
    secret: str
    code: str


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@action("access.offered")
def invite(*, by: Any, patient: Any, email: str, rights: Collection[str], until: dt.datetime) -> Invited:
    """Offer access to whoever has this e-mail address. Nothing tells whether it has an account here."""
    mine = locked(patient.pk)
    check_can_own(by, mine)
    now = timezone.now()
    address = email.strip().lower()
    is_usual = bool(_EMAIL.fullmatch(address)) and address != by.email.lower() and set(rights) <= OPENLY_GRANTED
    if not is_usual or not now < until <= now + dt.timedelta(days=LONGEST_DAYS):
        raise RecordsError("invalid_value")
    if Invitation.objects.filter(patient=mine, grant=None, revoked_at=None, expires_at__gt=now).count() >= MOST_OPEN:
        raise RecordsError("quota")
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        patient=mine,
        email=address,
        rights=sorted(rights),
        until=until,
        digest=_digest(secret),
        invited_by=by,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    audit.record(by=by, action="access.offered", patient=mine.pk, target=made)
    return Invited(made, secret)


@action("access.withdrawn")
def revoke_invitation(*, by: Any, invitation: Invitation) -> None:
    check_can_own(by, locked(invitation.patient_id))
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(by=by, action="access.withdrawn", patient=invitation.patient_id, target=invitation)


def find_invitation(secret: str, emails: Collection[str]) -> Invitation:
    """The open invitation behind a link, for who has its address. Old, used, withdrawn, somebody else's and none: the same NotVisible."""
    found = Invitation.objects.filter(digest=_digest(secret), grant=None, revoked_at=None, expires_at__gt=timezone.now()).first()
    try:
        is_theirs = found is not None and found.until > timezone.now() and found.email in {one.lower() for one in emails}
    except KeyDestroyed:
        is_theirs = False
    if found is None or not is_theirs:
        raise NotVisible
    return found


@action("access.accepted")
def accept_invitation(*, by: Any, secret: str, emails: Collection[str]) -> Grant:
    """emails: addresses of this account that were confirmed. The grant is what the patient offered, and hers to revoke."""
    invitation = find_invitation(secret, emails)
    if not can_open(by):  # staff do not help with records
        raise NotVisible
    patient = locked(invitation.patient_id)
    row: Invitation = fresh(invitation)
    if row.grant_id is not None or row.revoked_at is not None:
        raise NotVisible
    row.grant = grant_access(by=row.invited_by, patient=patient, to=by, rights=set(row.rights), until=row.until)
    row.save(update_fields=["grant"])
    audit.record(by=by, action="access.accepted", patient=patient.pk, target=row)
    return row.grant


@action("link.made")
def make_share_link(*, by: Any, patient: Any, days: int) -> Linked:
    """A link to the summary, for one of LINK_DAYS, and six digits that open it."""
    mine = locked(patient.pk)
    check_can_own(by, mine)
    now = timezone.now()
    if days not in LINK_DAYS:
        raise RecordsError("invalid_value")
    if ShareLink.objects.filter(patient=mine, revoked_at=None, until__gt=now).count() >= MOST_OPEN:
        raise RecordsError("quota")
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    link = ShareLink.objects.create(patient=mine, digest=_digest(secret), code=code, made_by=by, until=now + dt.timedelta(days=days))
    audit.record(by=by, action="link.made", patient=mine.pk, target=link)
    return Linked(link, secret, code)


@action("link.revoked")
def revoke_share_link(*, by: Any, link: ShareLink) -> None:
    check_can_own(by, locked(link.patient_id))
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(by=by, action="link.revoked", patient=link.patient_id, target=link)


def open_share_link(*, secret: str, code: str) -> ShareLink | None:
    """The link, if the code is right: counted and logged. None for a wrong code, counted too: after MOST_MISSES the link is dead.

    A link that is old, revoked, dead or made up raises NotVisible. Made-up ones leave no trace: anybody can make them up.
    """
    found = ShareLink.objects.filter(digest=_digest(secret)).first()
    if found is None:
        raise NotVisible
    opened: ShareLink | None = _open(link=found, code=code)
    return opened


@action("link.opened")
def _open(*, link: ShareLink, code: str) -> ShareLink | None:
    patient = locked(link.patient_id)
    link = fresh(link)
    if not is_open(link):
        raise NotVisible
    try:
        is_right = hmac.compare_digest(link.code.encode(), code.strip().encode())
    except KeyDestroyed:
        raise NotVisible from None
    counted = "opened" if is_right else "missed"
    ShareLink.objects.filter(pk=link.pk).update(**{counted: F(counted) + 1})
    audit.record(by=None, action="link.opened", patient=patient.pk, target=link, purpose="link", is_refused=not is_right)
    return link if is_right else None


def is_open(link: ShareLink) -> bool:
    return link.revoked_at is None and link.until > timezone.now() and link.missed < MOST_MISSES
