"""Where a person lives, for the distance to trials. It is hers: sealed, shown to nobody who may not see the record, and gone when she empties it."""

from __future__ import annotations

import re
from typing import Any

from records import audit
from records.actions.recorded import action, locked
from records.exceptions import RecordsError
from records.models import Patient
from records.permissions import check_can_add

MOST_MILES = 12_000  # half around the world
_ZIP = re.compile(r"\d{5}")
_COUNTRY = re.compile(r"[^\W\d_][^\x00-\x1f<>]{0,59}")


@action("place.told")
def tell_place(*, by: Any, patient: Patient, country: str = "", zip_code: str = "", miles: int | None = None) -> None:
    """country: its name as in the registry of trials; zip_code: five digits, for the United States; miles: how far she travels.

    All three empty: what was told is forgotten. RecordsError("invalid_value") for anything else.
    """
    mine = locked(patient.pk)
    check_can_add(by, mine)
    is_fine = (
        (not country or _COUNTRY.fullmatch(country))
        and (not zip_code or _ZIP.fullmatch(zip_code))
        and (miles is None or 0 < miles <= MOST_MILES)
    )
    if not is_fine:
        raise RecordsError("invalid_value")
    told = bool(country or zip_code or miles)
    mine.place = {"country": country, "zip": zip_code, "miles": miles} if told else None
    mine.save(update_fields=["place"])
    patient.place = mine.place
    audit.record(by=by, action="place.told", patient=mine.pk, target=mine)
