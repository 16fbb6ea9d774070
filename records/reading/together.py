"""Readings that wait for recognition, carried on side by side: what they ask for at the same time is recognised in one go.

A reading is a generator: it yields pictures to recognise, is sent the words on them, and returns what it made of them. So a page is read by
the same steps alone and among others.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeAlias, TypeVar

from records.exceptions import ReadingError
from records.reading.ocr import Asked, Recognised, recognise

MOST_PIXELS = 20_000_000  # held at a time, and one picture more: five sheets as they are drawn for reading

T = TypeVar("T")
Reading: TypeAlias = Generator[Asked, Recognised, T]


def finished(reading: Reading[T]) -> T:
    """What one reading comes to. Raises whatever it raises."""
    (made,) = all_finished([reading])
    if isinstance(made, ReadingError):
        raise made
    return made


def refused(error: ReadingError) -> Reading[T]:
    """The reading of a page whose file cannot be opened."""
    yield from ()
    raise error


def all_finished(readings: Sequence[Reading[T]]) -> list[T | ReadingError]:
    """What each comes to; a ReadingError of one leaves the others. Raises ReadingError where recognition itself breaks: nobody knows at which."""
    made: dict[int, T | ReadingError] = {}
    later = list(enumerate(readings))
    while later:
        asked: dict[int, Asked] = {}
        begun = []
        while later and sum(one.picture.size for one in asked.values()) < MOST_PIXELS:
            begun.append(later.pop(0))
            _go_on(*begun[-1], None, asked, made)
        while asked:
            answers = dict(zip(asked, recognise(*asked.values()), strict=True))
            asked = {}
            for place, reading in begun:
                if place in answers:
                    _go_on(place, reading, answers[place], asked, made)
    return [made[place] for place in range(len(readings))]


def _go_on(place: int, reading: Reading[T], answer: Recognised | None, asked: dict[int, Asked], made: dict[int, T | ReadingError]) -> None:
    """To what the reading asks next, or to its end."""
    try:
        asked[place] = next(reading) if answer is None else reading.send(answer)
    except StopIteration as end:
        made[place] = end.value
    except ReadingError as error:
        made[place] = error
