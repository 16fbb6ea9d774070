"""Coded entries of C-CDA as plain sentences: problems, results, medicines, procedures, allergies and the family's illnesses.

An entry is read where the section's text does not say it. moodCode, negationInd and statusCode decide how: meant, denied or taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from records.reading import sentences
from records.reading.coding import FLAGS, lab_of, words_of
from records.reading.markup import name_of
from records.reading.sentences import GIVEN, NOT_GIVEN, ONGOING, PAST, PLANNED, PRESENT, RULED_OUT

MOST_ENTRIES = 20_000
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_MEANT = {"INT", "RQO", "PRP", "PRMS", "ARQ", "APT"}
_VOID = {"nullified"}
_NOT_DONE = {"cancelled"}
_STATUS, _SEVERITY = "33999-4", "SEV"
_REACTION = "MFST"
_KINDS = ("observation", "substanceAdministration", "procedure", "organizer", "act")


def entry_lines(section: Any) -> Iterator[tuple[int, list[str]]]:
    """(number of the entry from 0, its sentences)."""
    entries = [one for one in section if name_of(one) == "entry"][:MOST_ENTRIES]
    for number, entry in enumerate(entries):
        lines = [line for one in entry for line in _told(one) if line]
        if lines:
            yield number, lines


def _told(one: Any) -> Iterator[str]:
    """One clinical statement and those inside it."""
    kind = name_of(one)
    if kind not in _KINDS or _is_void(one):
        return
    if kind == "organizer":
        yield from _organized(one)
    elif kind == "observation":
        yield from _observed(one)
    elif kind == "substanceAdministration":
        yield _given(one)
    elif kind == "procedure":
        yield _done(one)
    else:
        yield from (line for inside in _inside(one) for line in _concerned(inside, one))


def _concerned(one: Any, act: Any) -> Iterator[str]:
    """A problem or an allergy inside the act that tracks it."""
    if name_of(one) != "observation":
        yield from _told(one)
    elif not _is_void(one):
        yield _allergy(one) if _substance(one) else _problem(one, act)


def _organized(one: Any) -> Iterator[str]:
    who = first(one, "subject", "relatedSubject", "code")
    for part in (inside for component in _all(one, "component") for inside in component):
        if _is_void(part):
            continue
        if who is not None and name_of(part) == "observation":
            if (what := _value(part)) and not _is_denied(part):
                yield sentences.relative(_words(who) or "Relative", what)
        else:
            yield from _told(part)


def _observed(one: Any) -> Iterator[str]:
    """A result, or a problem that stands by itself."""
    value = first(one, "value")
    if _substance(one):
        yield _allergy(one)
    elif value is not None and (value.get(_TYPE) or "").endswith("CD") and _words(first(one, "code")).casefold() in _PROBLEMS:
        yield _problem(one, None)
    else:
        yield _measured(one)
    for inside in _inside(one):
        yield from _told(inside)


_PROBLEMS = {"problem", "diagnosis", "condition", "finding", "disease", "complaint", "clinical finding", "problem observation"}


def _problem(one: Any, act: Any) -> str:
    what = _value(one)
    if not what:
        return ""
    start, stop = _span(one)
    said = next((_value(inside) for inside in _inside(one) if _code(first(inside, "code")) == _STATUS), "").casefold()
    is_closed = act is not None and _status(act) == "completed"  # no longer tracked
    is_over = said in ("resolved", "inactive") or (not said and (bool(stop) or is_closed))
    state = RULED_OUT if _is_denied(one) or (act is not None and _is_denied(act)) else PAST if is_over else PRESENT
    return sentences.illness(what, state, on=start)


def _substance(one: Any) -> str:
    """What an allergy is to."""
    entity = first(one, "participant", "participantRole", "playingEntity")
    return "" if entity is None else _words(first(entity, "code")) or text_of(first(entity, "name"))


def _allergy(one: Any) -> str:
    if _is_denied(one):
        return ""
    shown = [_value(inside) for relation in _all(one, "entryRelationship") if relation.get("typeCode") == _REACTION for inside in relation]
    return sentences.allergy(", ".join(filter(None, (_substance(one), *shown))))


def _measured(one: Any) -> str:
    name, result, status = _words(first(one, "code")), _value(one), _status(one)
    number = _code(first(one, "code"))
    if _is_denied(one) or _mood(one) in _MEANT or number in (_STATUS, _SEVERITY):
        return ""
    if "[" in name or not name:  # the long name of LOINC, which no report prints
        name = lab_of(number) or name
    if status in _NOT_DONE or not result:
        said = "not tested" if status in _NOT_DONE else "pending" if status == "active" else ""
        return f"{name}      {said}" if name and said else ""
    start, stop = _span(one)
    flags = [FLAGS.get(_code(flag), _code(flag)) for flag in _all(one, "interpretationCode")]
    ranges = [_range(limits) for limits in _all(one, "referenceRange")]
    kept = [flag for flag in flags if flag not in ("", "N")]
    return "      ".join(filter(None, (start or stop, name, result, *ranges, *kept))) if name else ""


def _range(one: Any) -> str:
    inside = first(one, "observationRange")
    if inside is None:
        return ""
    value = first(inside, "value")
    low, high = (first(value, end) if value is not None else None for end in ("low", "high"))
    ends = ("" if one is None else one.get("value") or "" for one in (low, high))
    unit = next((one.get("unit") or "" for one in (high, low) if one is not None), "")
    return sentences.limits(*ends, unit=unit) or text_of(first(inside, "text"))


def _given(one: Any) -> str:
    material = first(one, "consumable", "manufacturedProduct", "manufacturedMaterial")
    what = "" if material is None else _words(first(material, "code")) or text_of(first(material, "name"))
    start, stop = _span(one)
    return sentences.medicine(what, _state(one), start=start, stop=stop) if what else ""


def _done(one: Any) -> str:
    what = _words(first(one, "code"))
    start, stop = _span(one)
    return sentences.done(what, _state(one), start=start, stop=stop) if what else ""


def _state(one: Any) -> str:
    if _is_denied(one) or _status(one) in _NOT_DONE:
        return NOT_GIVEN
    if _mood(one) in _MEANT:
        return PLANNED
    return ONGOING if _status(one) == "active" and not _span(one)[1] else GIVEN


def _is_denied(one: Any) -> bool:
    return (one.get("negationInd") or "").lower() == "true"


def _is_void(one: Any) -> bool:
    return _status(one) in _VOID


def _status(one: Any) -> str:
    status = first(one, "statusCode")
    return "" if status is None else (status.get("code") or "").lower()


def _mood(one: Any) -> str:
    return (one.get("moodCode") or "EVN").upper()


def _inside(one: Any) -> Iterator[Any]:
    """Statements that belong to this one."""
    yield from (inside for relation in _all(one, "entryRelationship") for inside in relation if name_of(inside) in _KINDS)


def _value(one: Any) -> str:
    value = first(one, "value")
    if value is None:
        return ""
    if value.get("value") is not None:
        return _quantity(value)
    low, high = _quantity(first(value, "low")), _quantity(first(value, "high"))
    if low or high:
        return f"{low} - {high}" if low and high else f">={low}" if low else f"<={high}"
    return _words(value) or text_of(value)


def _quantity(value: Any) -> str:
    if value is None or value.get("value") is None:
        return ""
    unit = value.get("unit") or ""
    return " ".join(filter(None, (value.get("value"), unit if unit != "1" else "")))


def _words(concept: Any) -> str:
    """A coded element as people say it: its own words, its name, or its code where that is sure."""
    if concept is None:
        return ""
    for one in (concept, *_all(concept, "translation")):
        said = text_of(first(one, "originalText")) or " ".join((one.get("displayName") or "").split())
        if said := said or words_of(one.get("codeSystem") or "", one.get("code") or ""):
            return said
    return ""


def _code(concept: Any) -> str:
    return "" if concept is None else concept.get("code") or ""


def _span(one: Any) -> tuple[str, str]:
    for time in _all(one, "effectiveTime"):
        ends = day(first(time, "low")), day(first(time, "high"))
        moment = day(time)
        if moment or any(ends):
            return (moment, moment) if moment else ends
    return "", ""


def day(element: Any) -> str:
    """HL7's 20240320101500-0500 as 2024-03-20."""
    value = "" if element is None else (element.get("value") or "")
    found = re.match(r"(\d{4})(\d{2})?(\d{2})?", value)
    return "-".join(filter(None, found.groups())) if found else ""


def _all(element: Any, name: str) -> list[Any]:
    return [one for one in element if name_of(one) == name]


def first(element: Any, *names: str) -> Any:
    """The first element at the end of a path of child names, or None."""
    for name in names:
        element = next((one for one in element if name_of(one) == name), None)
        if element is None:
            return None
    return element


def text_of(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
