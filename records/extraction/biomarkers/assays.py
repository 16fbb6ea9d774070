"""How and on what a marker was tested: method, germline or somatic, tissue or blood. Only what the report says."""

from __future__ import annotations

import re

from records.extraction.biomarkers.names import GENE, SIGNATURE, STAIN, Marker
from records.extraction.patterns import lazy, says
from records.extraction.report import Report, ReportType
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_STAIN = lazy(
    (
        r"\bimmuno|\bihc\b|\bstain|\bexpression\b|\bnuclear\b|\bmembran|\bcytoplasmic\b|tumou?r cells|neoplastic cells"
        r"|\bcells are\b|\blesional cells|\bblasts?\b"
    ),
    re.I,
)
_FLOW = lazy(r"\bflow\b|\bcytometr", re.I)
_SEQUENCED = lazy(r"\bngs\b|next[- ]generation|sequenc|\bpanel\b|genomic|\bvaf\b|allele|\bexome\b|germline|hereditary", re.I)
_PCR = lazy(r"\b(?:rt-|q|dd)?pcr\b|pyrosequenc", re.I)
_FISH = lazy(r"\b[cds]?ish\b|\bfish\b|in[ -]situ hybridi|\bbreak[- ]apart\b", re.I)
_GERMLINE = lazy(r"\bgerm-?line\b|\bhereditary cancer\b|\bhereditary panel\b|\binherited\b|\bcarrier\b|\bhereditary\b", re.I)
_NOT_GERMLINE = lazy(
    (
        r"not distinguish|germline (?:testing|confirmation|evaluation)[^.;]{0,30}(?:recommend|consider|should|suggest|advis"
        r"|is warranted)|(?:recommend|consider|suggest|refer)[^.;]{0,40}germline|may be germline|possible germline"
        r"|germline or somatic|somatic (?:or|and|versus|vs) germline|germline (?:and|versus|vs\.?) somatic"
    ),
    re.I,
)
_SOMATIC = lazy(r"\bsomatic\b|\btumou?r[- ]only\b|\btumou?r (?:sequencing|profiling|testing|ngs)\b|\bctdna\b|\bcirculating tumou?r\b", re.I)
_BLOOD = lazy(
    (
        r"\bctdna\b|\bcell[- ]free\b|\bcfdna\b|\bliquid biopsy\b|\bcirculating tumou?r\b|\bplasma\b(?! cell)"
        r"|\bblood[- ](?:based|sample|specimen|draw)|\bperipheral blood\b|\bwhole blood\b|\bsaliva\b|\bblood\b"
    ),
    re.I,
)
_TISSUE = lazy(r"\btissue\b|\bffpe\b|\bbiops|\bresection\b|\bblock\b|\btumou?r cells\b|\bparaffin", re.I)


def method_of(report: Report, segment: Segment, marker: Marker, said: str | None, *, has_change: bool) -> str | None:
    """said: the method named beside the result. Otherwise the segment's or heading's words, then what the marker can only be."""
    if said:
        return said
    words = f"{segment.title} {segment.lower}"
    if marker.kind == STAIN and is_sequencing(report) and not re.search(r"\bimmuno|\bihc\b|\bstain|\bflow\b", words):
        return "NGS"
    if marker.kind == STAIN and not (has_change and marker.name == "p53"):
        return "flow" if says(_FLOW, words) else "IHC"
    for pattern, method in ((_FLOW, "flow"), (_SEQUENCED, "NGS"), (_PCR, "PCR"), (_FISH, "FISH")):
        if says(pattern, words):
            return method
    if not has_change and (segment.section is Section.IMMUNOHISTOCHEMISTRY or re.search(r"\bimmuno|\bihc\b|\bstain", words)):
        return "IHC"
    if marker.kind in (GENE, SIGNATURE) or marker.name == "MSI":
        return "NGS" if is_sequencing(report) else None
    return None


def is_stain(segment: Segment, marker: Marker, said: str | None) -> bool:
    """Is a gene's name here the name of its protein on a slide?"""
    if said in ("IHC", "flow"):
        return True
    if said is not None:
        return False
    words = f"{segment.title} {segment.lower}"
    if marker.kind == STAIN or segment.section is Section.IMMUNOHISTOCHEMISTRY:
        return not says(_SEQUENCED, words) or marker.kind == STAIN
    return says(_STAIN, words) and not re.search(r"\bmutation|\bvariant|\bgermline|\bgene\b|\bsequenc|\brearrange", words)


def speaks_of_stains(segment: Segment) -> bool:
    """Words or a heading of stained slides, so that a blood test's name is a tissue marker here."""
    return segment.section is Section.IMMUNOHISTOCHEMISTRY or bool(
        re.search(r"\bimmuno|\bihc\b|\bstain|tumou?r cells|neoplastic cells|lesional cells|\bexpression\b|\bcytoplasmic\b", segment.lower)
    )


def is_sequencing(report: Report) -> bool:
    return report.header.type is ReportType.MOLECULAR


def origin_of(report: Report, segment: Segment, marker: Marker) -> str:
    """germline | somatic | unknown. A whole report is germline when its head says so."""
    if marker.name in ("MSI", "TMB"):
        return "somatic"  # a property of the tumour by definition
    words = f"{segment.title} {segment.lower}"
    if re.search(rf"\bg{marker.name.lower()[:4]}", words):
        return "germline"  # "gBRCA1", "gBRCA"
    if says(_GERMLINE, words) and not says(_NOT_GERMLINE, words):
        return "germline"
    if says(_SOMATIC, words) and not says(_NOT_GERMLINE, words):
        return "somatic"
    if marker.kind != GENE:
        return "unknown"
    return report.once(_origin_of_report)


def _origin_of_report(report: Report) -> str:
    head = " ".join(one.lower for one in report.segments[:14])
    if report.header.type is not ReportType.MOLECULAR:
        return "unknown"
    if says(_GERMLINE, head) and not says(_NOT_GERMLINE, head) and not says(_SOMATIC, head):
        return "germline"
    if re.search(r"\bctdna\b|\bcell-free\b|\bliquid biopsy\b|\bsomatic\b", head):
        return "somatic"
    return "unknown"


def specimen_of(report: Report, segment: Segment, marker: Marker, method: str | None) -> str | None:
    if says(_BLOOD, segment.lower):
        return "blood"
    if method == "IHC" or says(_TISSUE, segment.lower):
        return "tissue"
    return report.once(_specimen_of_report)


def _specimen_of_report(report: Report) -> str | None:
    if report.header.type is ReportType.PATHOLOGY:
        return "tissue"
    if report.header.type is not ReportType.MOLECULAR:
        return None
    head = " ".join(one.lower for one in report.segments[:16])
    if says(_BLOOD, head):
        return "blood"
    return "tissue" if says(_TISSUE, head) or "specimen" in head else None
