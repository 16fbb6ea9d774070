"""The whole bundle: the person first, then what is known of them, each with its provenance."""

from __future__ import annotations

import datetime as dt
import uuid

from personalize.profile import PatientProfile
from records.export.codes import Json, mcode
from records.export.conditions import write_cancers, write_history
from records.export.observations import write_observations
from records.export.resource import Writer
from records.export.treatments import write_treatments

# What does not come back when the bundle is read again into an empty record, and why.
LOST: dict[str, str] = {
    "birth_year": "We hold the year alone, and a date of birth of a year alone is not read: it may be anybody's.",
    "date": "Sex, allergies, illnesses and the family's history are true of no day: they get the day of the bundle they stand in.",
    "origin, method, specimen": "Where a test does not say them, they are taken from what stands around it, which is another text then.",
    "evidence": "The words behind a fact are then the lines of the bundle; those of the first documents stay in its provenance.",
    "checked": "Who checked a fact is told by a tag; another record has to check for itself.",
    "confidence": "How sure the reading was of the first documents is not known to the second.",
    "is_conflicting": "Only the value that is used leaves; the others do not.",
    "stage.stated_or_derived": "A stage group that we worked out ourselves does not leave; it is worked out again from T, N and M.",
    "stage.t_written, stage.t_because, stage.n_written, stage.n_because": "A letter that we worked out does not leave; the category goes as it is written.",
    "clinical": "What is worked out from several facts is worked out again.",
    "country": "Where a person lives and who can stay with them is told by the person, not by a record.",
}


def fhir_bundle(profile: PatientProfile, *, whose: uuid.UUID, made_at: dt.datetime) -> Json:
    """A Bundle of type collection. whose: any id, from which all others are made. What was not found is not in it."""
    writer = Writer(whose, made_at.isoformat(timespec="seconds"))
    _person(writer, profile)
    write_cancers(writer, profile)
    write_observations(writer, profile)
    write_treatments(writer, profile)
    write_history(writer, profile)
    return writer.bundle()


def _person(writer: Writer, profile: PatientProfile) -> None:
    made: Json = {"resourceType": "Patient", "meta": mcode("cancer-patient")}
    shown = [f"Clinical summary of a cancer patient\nDate of report: {writer.made_at[:10]}"]
    if profile.sex:
        made["gender"] = profile.sex.value
        shown.append(f"Sex: {profile.sex.value}")
    if profile.birth_year:
        made["birthDate"] = str(profile.birth_year.value)
        shown.append(f"Date of birth: {profile.birth_year.value}")
    elif profile.age:
        shown.append(f"Age: {profile.age.value} years")
    writer.add("patient", made, "\n".join(shown), profile.sex.proof if profile.sex else None)
