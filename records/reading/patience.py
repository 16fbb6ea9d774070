"""How long one file may keep us waiting. A file made to hang ends within a minute; a long honest one has all its pages read.

Only time that led to nothing counts: opening the file, and pages that ran out of time. Pages that were read cost nothing, however many they are.
Seconds of wall-clock time throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

FILE_SECONDS = 50.0
OPEN_SECONDS = 20.0
PAGE_SECONDS = 35.0
_LEAST_SECONDS = 5.0  # a page given less than this might as well not be tried
_AFTER_SECONDS = 10.0
MOST_TOGETHER = 5  # pages: four of five loadings of the models are spared; more would spare little and be lost with a worker that dies
_TOGETHER_SECONDS, _GO_SECONDS, _USUAL_SECONDS = 20.0, 8.0, 1.5


@dataclass(frozen=True, slots=True)
class Spent:
    """On one reading of a file so far. opening: until its pages were counted; lost: on pages that ran out of time; reading: on those that
    were read."""

    opening: float = 0.0
    lost: float = 0.0
    lost_pages: int = 0
    read_pages: int = 0
    reading: float = 0.0


def page_seconds(spent: Spent) -> float:
    """What the next page is given; 0: it is not tried. Where most pages were read, the file is honest: its others still get a short try."""
    left = FILE_SECONDS - spent.opening - spent.lost
    if left >= _LEAST_SECONDS:
        return min(PAGE_SECONDS, left)
    return _AFTER_SECONDS if spent.read_pages > spent.lost_pages else 0.0


def pages_together(spent: Spent) -> int:
    """How many pages one worker may read in one go: as many as are expected to take a few seconds, so that people see them come; one at a time
    where any was lost."""
    if spent.lost or spent.opening > _GO_SECONDS:
        return 1
    each = spent.reading / spent.read_pages if spent.read_pages else _USUAL_SECONDS
    return max(1, min(MOST_TOGETHER, int(_GO_SECONDS / max(each, 0.01))))


def seconds_together(spent: Spent) -> float:
    """What several pages are given in one go. Which of them took it is not known afterwards, so it is little: each is tried alone then."""
    return min(page_seconds(spent), _TOGETHER_SECONDS)
