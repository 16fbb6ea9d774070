"""Facts of which there is one: sex, birth year, age, ECOG, Karnofsky, country."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from personalize.profile import Conflict, Fact, PartialDate
from records.assembly.judged import Voice, proof_of
from records.extraction.finding import Assertion, Kind

Read = Callable[[Voice], Any]


def of_kind(voices: Iterable[Voice], kind: Kind, *assertions: Assertion) -> list[Voice]:
    return [one for one in voices if one.kind is kind and one.assertion in (assertions or (Assertion.PRESENT,))]


def sex_of(voices: Sequence[Voice]) -> tuple[Fact[str] | None, list[Conflict]]:
    """What most of the trusted words say. Pronouns alone never make a conflict with what is printed."""
    said = of_kind(voices, Kind.SEX)
    if any(one.confidence >= 0.85 for one in said):
        said = [one for one in said if one.confidence >= 0.85 or one.is_word]
    return _agreed(said, "sex", lambda one: one.value.get("sex"))


def birth_year_of(voices: Sequence[Voice]) -> tuple[Fact[int] | None, list[Conflict]]:
    return _agreed(of_kind(voices, Kind.BIRTH_DATE), "birth_year", _year)


def _year(voice: Voice) -> int | None:
    day = PartialDate.parse(str(voice.value.get("date") or ""))
    return day.year if day else None


def _agreed(said: list[Voice], field: str, read: Read) -> tuple[Fact[Any] | None, list[Conflict]]:
    """The value with a person's word, else with the most files behind it; a tie is a conflict."""
    by_value: dict[Any, list[Voice]] = {}
    for one in said:
        if read(one) is not None:
            by_value.setdefault(read(one), []).append(one)
    if not by_value:
        return None, []
    ranked = sorted(by_value.items(), key=lambda pair: _support(pair[1]))
    value, mine = ranked[0]
    is_tied = len(ranked) > 1 and _support(mine)[:3] == _support(ranked[1][1])[:3]
    is_conflicting = len(ranked) > 1 and (is_tied or not any(one.is_word for one in mine))
    shown = [one for one in mine if one.is_printed or one.is_word] or mine  # a line that people can see in the file itself
    fact = Fact(value, proof_of(min(shown, key=Voice.weight), shown, is_conflicting=is_conflicting))
    if len(ranked) == 1:
        return fact, []
    return fact, [
        conflict(field, [str(one) for one, _ in ranked], str(value), "The records do not agree. We show what most of them say.", said)
    ]


def _support(mine: list[Voice]) -> tuple[Any, ...]:
    return (
        not any(one.is_word for one in mine),
        all(one.is_told for one in mine),
        -len({one.file for one in mine}),
        min(one.weight() for one in mine),
    )


def newest(voices: Sequence[Voice], kind: Kind, field: str, read: Read) -> tuple[Fact[Any] | None, list[Conflict]]:
    """The latest value; older ones are kept as a conflict that the date settles. Two values of one day are an open conflict, and so is what
    the patient told after the last record: how somebody fares now is known to them first, and the record still says something else."""
    said = sorted((one for one in of_kind(voices, kind) if read(one) is not None), key=Voice.newest_first)
    if not said:
        return None, []
    chosen = said[0]
    value = read(chosen)
    rivals = [one for one in said if read(one) != value and (one.is_told <= chosen.is_told or one.day > chosen.day)]
    is_open = any(_is_rival_of_the_day(one, chosen) for one in rivals) or (
        any(one.day > chosen.day for one in rivals) if chosen.is_word else chosen.is_told and any(not one.is_told for one in rivals)
    )
    fact = Fact(value, proof_of(chosen, [one for one in said if read(one) == value and one.day == chosen.day], is_conflicting=is_open))
    if not rivals:
        return fact, []
    values = list(dict.fromkeys(str(read(one)) for one in said))
    return fact, [conflict(field, values, str(value), _why_newest(chosen, is_open), said)]


def _is_rival_of_the_day(one: Voice, chosen: Voice) -> bool:
    return one.day == chosen.day and one.trust <= chosen.trust and not (chosen.is_word and not one.is_word)


def _why_newest(chosen: Voice, is_open: bool) -> str:
    if chosen.is_word:
        return (
            "A person checked this value, so we show it. A newer record says something else."
            if is_open
            else "A person checked this value, so we show it."
        )
    if chosen.is_told and is_open:
        return "You told us this after the last record, so we show it. The record says something else."
    if is_open:
        return "Records of the same day do not agree. Please check which one is right."
    day = chosen.dated or chosen.written
    return f"We show the newest value, of {day}. The others are older." if day else "We show the value of the record we trust most."


def ecog_of(voices: Sequence[Voice]) -> tuple[Fact[int] | None, list[Conflict]]:
    return newest(voices, Kind.PERFORMANCE, "ecog", lambda one: _score(one, "ECOG"))


def karnofsky_of(voices: Sequence[Voice]) -> tuple[Fact[int] | None, list[Conflict]]:
    return newest(voices, Kind.PERFORMANCE, "karnofsky", lambda one: _score(one, "Karnofsky"))


def _score(voice: Voice, scale: str) -> int | None:
    if voice.value.get("scale") != scale:
        return None
    try:
        return int(voice.value["value"])
    except (KeyError, TypeError, ValueError):
        return None


def age_of(voices: Sequence[Voice]) -> tuple[Fact[int] | None, list[Conflict]]:
    """The age printed last. Ages of different days are no conflict: people grow older."""
    said = sorted((one for one in of_kind(voices, Kind.AGE) if isinstance(one.value.get("age"), int)), key=Voice.recency)
    if not said:
        return None, []
    return Fact(
        int(said[0].value["age"]), proof_of(said[0], [one for one in said if one.value == said[0].value and one.day == said[0].day])
    ), []


def situation_of(voices: Sequence[Voice], part: str) -> Fact[str] | None:
    """Where the person lives, and who is there: what was told last. No record is asked, so none can disagree."""
    said = sorted((one for one in of_kind(voices, Kind.SITUATION) if one.value.get(part)), key=Voice.recency)
    return Fact(str(said[0].value[part]), proof_of(said[0])) if said else None


def conflict(field: str, values: Sequence[str], chosen: str | None, why: str, said: Iterable[Voice]) -> Conflict:
    """Every value offered, each once, the chosen one first."""
    ordered = sorted(set(values), key=lambda one: (one != chosen, one))
    refs = dict.fromkeys(ref for one in sorted(said, key=Voice.weight) for ref in one.refs)
    return Conflict(field, tuple(ordered), chosen, why, tuple(refs))
