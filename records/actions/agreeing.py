"""What a person agrees to on one page, at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from records.actions.people import give_consent
from records.actions.recorded import action
from records.actions.reviews import request_review
from records.models import Consent, Patient


@action("consent.given")
def agree(*, by: Any, patient: Patient, purposes: Collection[str], version: str) -> None:
    """purposes: of Consent.Purpose; version: of the text that was shown. Who agrees to the check by the team asks for it by that."""
    for purpose in purposes:
        give_consent(by=by, patient=patient, purpose=purpose, version=version)
    if Consent.Purpose.REVIEW in purposes:
        request_review(by=by, patient=patient)
