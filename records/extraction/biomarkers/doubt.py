"""A result that is only asked about, or thought possible: "KRAS G12D?", "?BRCA2 mutation", "possible HER2 amplification"."""

from __future__ import annotations

import re
from dataclasses import replace

from records.extraction.biomarkers.groups import Slot
from records.extraction.biomarkers.readings import Reading
from records.extraction.biomarkers.tokens import Token
from records.extraction.patterns import lazy
from records.extraction.segments import Segment

_ASKED = lazy(
    r"\)?(?: (?:gene |\w+ )?(?:mutation|alteration|variant|amplification|fusion|rearrangement|status))? ?(?:\?|\(\?\))"
    r"(?! ?:? ?(?:yes|y|positive|detected|present|found|confirmed)\b)",
    re.I,
)
# a mark of its own: that of a question before ("Which mutation? KRAS G12D") stands behind a word
_ASKED_BEFORE = lazy(r"(?:^\W{0,2}\? ?|(?<![\w)])\?)$")
_POSSIBLE = lazy(
    r"\b(?:possibl[ey]|suspected|questionable|presumed|presumptive|query|suspicious for|concern(?:ing)? for)(?: \w+)?[ :]{0,2}$", re.I
)


def doubted(reading: Reading, segment: Segment, place: Segment, token: Token, slot: Slot) -> Reading:
    """The reading, or what is left of a finding that nobody has asserted. What is denied or was never done stays so."""
    if reading.status not in ("positive", "reported"):
        return reading
    before = place.text[max(0, token.start - 30) : token.start]
    said = max(slot.end, token.end if place is segment else 0)
    if _ASKED.match(segment.text, said) or _ASKED_BEFORE.search(before):
        return Reading("not_resulted")
    return replace(reading, status="equivocal") if _POSSIBLE.search(before) else reading
