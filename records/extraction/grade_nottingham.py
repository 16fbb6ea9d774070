"""The grade of a breast cancer from its Nottingham score: 3 to 5 is grade 1, 6 and 7 grade 2, 8 and 9 grade 3.

Source: Elston and Ellis, Histopathology 1991; the College of American Pathologists' protocol for invasive carcinoma of the breast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from records.extraction.patterns import lazy

_SYSTEM = (
    r"\b(?:nottingham|elston\w*|(?:modified )?(?:scarff?[- ]{1,3})?bloom[- ]{1,3}(?:and |& )?(?:scarff?[- ]{1,3})?richardson|m?sbr|mbr)\b"
)
_SUM = r"(?P<a>[1-3]) ?\+ ?(?P<b>[1-3]) ?\+ ?(?P<c>[1-3])\b"
_NAMED = lazy(rf"{_SYSTEM}(?P<words>[^.;\n\d]{{0,60}}?)(?:{_SUM}|(?P<score>[3-9])(?![\d.+]|,\d)(?P<of> ?(?:/|(?:out )?of) ?9\b)?)", re.I)
_OF_NINE = lazy(
    r"(?<![\d/.])(?P<score>[3-9]) ?(?:/|(?:out )?of) ?9\b(?![/.]?\d)(?! ?(?:lymph|nodes?|sentinel|blocks?|positive|cores?))", re.I
)
_SPOKEN_OF = lazy(rf"{_SYSTEM}|\btubul\w+|\bmitotic|\bmitos[ei]s", re.I)


def scores_in(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, grade 1-3) of each score of the three parts together. A part's own score, and a bare "grade 2", are none."""
    named = list(_NAMED.finditer(text))
    for found in named:
        score = sum(int(part) for part in found.group("a", "b", "c")) if found.group("a") else int(found.group("score"))
        if found.group("a") or found.group("of") or _is_total(found.group("words"), score):
            yield found.start(), found.end(), _grade(score)
    if _SPOKEN_OF.search(text):
        for found in _OF_NINE.finditer(text):
            if not any(one.start() <= found.start() < one.end() for one in named):
                yield found.start(), found.end(), _grade(int(found.group("score")))


def _is_total(words: str, score: int) -> bool:
    """ "Grade 7" can only be the score; "score 3" may be the grade, and what stands behind "mitoses" is a part."""
    if re.search(r"tubul|mitos|mitot|nuclear|pleomorph|gland", words, re.I):
        return False
    return score > 4 or (score == 4 and "score" in words.lower())


def _grade(score: int) -> int:
    return 1 if score < 6 else 2 if score < 8 else 3
