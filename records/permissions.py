"""Who may do what with a patient's records. check_can_…() raises, can_…() asks by calling it, so that buttons and doors agree.

Rights come from three places and no other: the account that opened the record, a grant to one account, and the coordinators' team grant
that the patient makes by asking for a review. An administrator has none, but for an access of support: to look, for a while, with a reason,
and the patient is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from records.models import Consent, Grant, Patient, ReviewRequest, SupportAccess

ADMIN, COORDINATOR, PATIENT = "admin", "coordinator", "patient"  # portal.models.Role, which records may not import
OWN = "own"  # the account that opened the record: consents, sharing, deleting
VIEW, ADD, DECIDE, REVIEW = (one.value for one in Grant.Right)


class NotVisible(Http404):
    """Not there, or not for this person: nobody outside can tell which. Django and DRF answer 404."""

    def __init__(self) -> None:
        super().__init__("Not found.")


class NotAllowed(PermissionDenied):
    """The person may see the record but may not do this with it. Django and DRF answer 403."""


def visible_patients(user: Any) -> QuerySet[Patient]:
    """The one question "whose records may this person see?"."""
    if _may_support(user):
        return Patient.objects.filter(pk__in=support_of(user).values("patient"))
    if not _may_have_rights(user):
        return Patient.objects.none()
    # two lists put together, not an "or": that would be answered by reading every patient there is
    own = Patient.objects.filter(account=user).order_by().values("pk")
    return Patient.objects.filter(pk__in=own.union(grants_to(user).order_by().values("patient"), all=True))


def rights_of(user: Any, patient: Patient) -> frozenset[str]:
    """VIEW, ADD, DECIDE, REVIEW, OWN: those that this person has on this record now."""
    if _may_support(user):
        return frozenset({VIEW} if support_of(user).filter(patient=patient).exists() else ())
    if not _may_have_rights(user):
        return frozenset()
    rights: set[str] = set()
    if Patient.objects.filter(pk=patient.pk, account=user).exists():
        rights |= {OWN, VIEW, ADD, DECIDE}
    for grant in grants_to(user).filter(patient=patient):
        rights |= {VIEW, *grant.rights}
    if getattr(user, "role", "") != COORDINATOR:
        rights.discard(REVIEW)
    return frozenset(rights)


def has_consent(patient_id: Any, purpose: str) -> bool:
    return Consent.objects.filter(patient_id=patient_id, purpose=purpose, withdrawn_at__isnull=True).exists()


def _may_have_rights(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and getattr(user, "role", "") != ADMIN)


def _may_support(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and getattr(user, "role", "") == ADMIN)


def support_of(user: Any) -> QuerySet[SupportAccess]:
    """The records that this administrator opened to help, for a while, with a reason."""
    return open_support_accesses().filter(by=user)


def open_support_accesses() -> QuerySet[SupportAccess]:
    return SupportAccess.objects.filter(ended_at__isnull=True, until__gt=timezone.now())


def open_staff_grants() -> QuerySet[Grant]:
    """Those that let the coordinators' team see a record, or one of its accounts."""
    return grants_that_stand().filter(Q(to__isnull=True) | Q(to__role=COORDINATOR))


def grants_to(user: Any) -> QuerySet[Grant]:
    """Those by which this person may see records now."""
    mine = Q(to=user)
    if getattr(user, "role", "") == COORDINATOR:
        mine |= Q(to__isnull=True)
    return grants_that_stand().filter(mine)


def grants_that_stand() -> QuerySet[Grant]:
    return Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()), revoked_at__isnull=True)


def _check(user: Any, patient: Patient, *needed: str) -> None:
    rights = rights_of(user, patient)
    if not rights:
        raise NotVisible
    if not rights & set(needed):
        raise NotAllowed


def _can(check: Callable[[Any, Patient], None], user: Any, patient: Patient) -> bool:
    try:
        check(user, patient)
    except (NotVisible, NotAllowed):
        return False
    return True


def check_can_open(user: Any) -> None:
    """Patients and caregivers open records; staff accounts do not."""
    if not user.is_authenticated or not user.is_active or getattr(user, "role", "") != PATIENT:
        raise NotAllowed


def can_open(user: Any) -> bool:
    try:
        check_can_open(user)
    except NotAllowed:
        return False
    return True


def check_can_support(user: Any) -> None:
    """See how the queue is, search the log by ids, open a record in need. For administrators."""
    if not _may_support(user):
        raise NotAllowed


def can_support(user: Any) -> bool:
    return _may_support(user)


def check_can_coordinate(user: Any) -> None:
    """See which records wait for a check. For coordinators; whose records those are is asked for each."""
    if not (user.is_authenticated and user.is_active and getattr(user, "role", "") == COORDINATOR):
        raise NotAllowed


def check_can_lead(user: Any) -> None:
    """See how the machine fares with the coordinators, in counts. For the coordinator who leads the others."""
    is_lead = getattr(user, "role", "") == COORDINATOR and getattr(user, "is_team_lead", False)
    if not (user.is_authenticated and user.is_active and is_lead):
        raise NotAllowed


def check_can_see(user: Any, patient: Patient) -> None:
    _check(user, patient, VIEW)


def can_see(user: Any, patient: Patient) -> bool:
    return _can(check_can_see, user, patient)


def check_can_add(user: Any, patient: Patient) -> None:
    """Send files and tell facts."""
    _check(user, patient, ADD)


def can_add(user: Any, patient: Patient) -> bool:
    return _can(check_can_add, user, patient)


def check_can_decide(user: Any, patient: Patient) -> None:
    """Confirm, correct, reject, dispute a finding."""
    _check(user, patient, DECIDE, REVIEW)


def can_decide(user: Any, patient: Patient) -> bool:
    return _can(check_can_decide, user, patient)


def check_can_review(user: Any, patient: Patient) -> None:
    """Work on a review as a coordinator, sign off."""
    _check(user, patient, REVIEW)


def can_review(user: Any, patient: Patient) -> bool:
    return _can(check_can_review, user, patient)


def holder_of(request: ReviewRequest) -> Any:
    """The coordinator who works on this review now, or None. A claim ends with its lease, with the grant, and with the person's place on
    the team: whoever may review no longer holds nobody up."""
    is_leased = request.closed_at is None and request.claimed_until is not None and request.claimed_until > timezone.now()
    return request.claimed_by if is_leased and can_review(request.claimed_by, request.patient) else None


def check_can_own(user: Any, patient: Patient) -> None:
    """Consents, sharing, the access log, deleting: for the account that opened the record."""
    _check(user, patient, OWN)


def can_own(user: Any, patient: Patient) -> bool:
    return _can(check_can_own, user, patient)
