""" "Fusions (RNA): not detected. ALK, RET and NTRK1/2/3 evaluated.": the sentence before says the result of the genes that were looked at.

Only for fusions and rearrangements: a panel's list of genes is no list of results.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from records.extraction.biomarkers.groups import Group
from records.extraction.biomarkers.tokens import Status, Token, Type
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment

_LOOKED_AT = lazy(r"\b(?:evaluated|tested|assessed|analy[sz]ed|interrogated|examined|covered)\b", re.I)
_NONE_FOUND = lazy(
    r"^\W*(?:(?:gene |rna |known |oncogenic |clinically relevant )*(?:fusions?|rearrangements?|translocations?)\b(?: ?\([^()]{0,20}\))?"
    r"(?: (?:analysis|result|status)s?)?[ :|-]*(?:were |was )?(?:not (?:detected|identified|found)|none(?: detected| identified| found)?|negative)"
    r"|no (?:[a-z-]+ ){0,3}(?:fusions?|rearrangements?|translocations?)(?: (?:transcripts?|events?))? (?:were |was )?(?:detected|identified|found))"
    r"[^.;]{0,30}[.;]?\W*$",
    re.I,
)
DETAIL = "no fusion detected"


def evaluated_group(report: Report, segment: Segment, tokens: Sequence[Token], groups: Sequence[Group]) -> tuple[Group, Segment] | None:
    """The genes of a sentence that only says they were looked at, with the result of the sentence before, and that sentence."""
    looked = _LOOKED_AT.search(segment.text)
    before = report.before(segment, 1)
    if looked is None or not before or any(group.says_something for group in groups):
        return None
    if before[0].is_boilerplate or before[0].section is not segment.section or not _NONE_FOUND.match(before[0].text):
        return None
    markers = [token for token in tokens if token.type is Type.MARKER]
    group = Group(markers)
    group.slot.status = Status("negative")
    group.slot.start, group.slot.end = looked.span()
    return group, before[0]
