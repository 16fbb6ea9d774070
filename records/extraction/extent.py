"""How far the disease goes, in the words that decide treatment: resectable, borderline, locally advanced, metastatic, resected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.header import ReportType
from records.extraction.mentions import mentions
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.tumours import anchor_at

_WORDS = lazy(
    r"(?P<borderline>\bborderline[ -]?(?:resectab\w+)?\b(?=[ -]*(?:resect|pancrea|disease|PDAC|adeno|ductal))"
    r"|\bborderline[ -]resectab\w+|\bBRPC\b)|(?P<locally_advanced>\bloc(?:ally)?\.?[ -]adv(?:anced)?\b|\bLAPC\b|\bunresectab\w+"
    r"|\bnon-?resectab\w+|\binoperable\b|\b(?:not|in) ?(?:surgically )?resectable\b|\bun-resectable)"
    r"|(?P<resectable>\b(?:upfront |potentially |surgically |initially |primary |clearly )?resectable\b)",
    re.I,
)
_METASTATIC = lazy(
    r"\bmetastatic (?:\w+[ -]){0,4}?(?:cancer|carcinoma|adenocarcinoma|disease|tumou?r|PDAC|melanoma|neuroendocrine"
    r"|adenoca|malignancy|lesions?|deposits?|spread|lymphoma|sarcoma|RCC|NET|pNET|breast|pancrea\w*|colon|lung)"
    r"|\bm(?:PDAC|CRC)\b|\bstage (?:IV|4)[A-C]?\b|\b(?:cancer|carcinoma|adenocarcinoma|PDAC"
    r"|tumou?r)[^.;]{0,30}\bmetastatic to\b|\bmetastasi[sz]ed\b|\bsecondary (?:and unspecified )?malignant neoplasm of (?:the )?(?:liver|lung"
    r"|bone|brain|periton\w+)|\b(?:cancer|tumou?r|disease|it|which|that) (?:has |had |have )?(?:already "
    r"|also |now )?spread (?:in)?to "
    r"(?:my |the |his |her |both |other )*(?:liver|lungs?|bones?|brain|peritone\w+|abdomen|organs)\b|\bdistant metasta\w+"
    r"|\b(?:hepatic|liver|lung|pulmonary|peritoneal|bone|brain|adrenal|skeletal|omental|distant|osseous|multiple"
    r"|thyroid) (?:and \w+ )?metastas[ei]s\b|\bperitoneal carcinomatosis\b|\bcarcinomatosis\b|\bmetastases (?:to|in"
    r"|at) (?:the )?(?:liver|lung|bone|brain|periton)",
    re.I,
)
_RESECTED = lazy(
    r"\b(?:underwent|s/p|status[ -]post|following|after|had|post|performed|treated (?:with|by)|received) (?:an? |the "
    r"|radical |curative |total |open |laparoscopic |robotic |standard |successful |extended |pylorus[- ]preserving "
    r"|subtotal |classic\w* )*(?:\w+[ -]){0,3}?(?:whipple|pancreat\w*duoden\w*|pancreatectomy|splenopancreatectomy"
    r"|duodenopancreatectomy|resection of (?:the )?(?:primary|tumou?r)|r0 resection|surgical resection"
    r"|curative resection|gastrectomy|esophagectomy|colectomy|hemicolectomy|lobectomy|mastectomy|lumpectomy)"
    r"|\b(?:whipple|pancreat\w*duodenectomy|pancreatectomy|gastrectomy|colectomy)\b[^.;\n]{0,25}[:,(-] ?y?pT[0-4]"
    r"|\bresected (?:pancrea|stage|PDAC|adenoca|tumou?r)|\bcurative(?:-intent)? resection|\b(?:R0|R1) resection"
    r"|\b(?:whipple|pancreat\w*duodenectomy|duodenopancreatectomy|pancreatectomy)\b[^.;]{0,40}\b(?:was"
    r"|were) (?:performed|done|carried out|undertaken)",
    re.I,
)
_SPECIMEN = lazy(
    (
        r"whipple|pancreat\w*duodenectomy|pancreatectomy|gastrectomy|esophagectomy|colectomy|mastectomy|lobectomy"
        r"|hepatectomy|nephrectomy|prostatectomy|thyroidectomy|cystectomy|hysterectomy|low anterior resection|lumpectomy"
        r"|segmentectomy"
    ),
    re.I,
)
_STAGED_ON_TISSUE = lazy(r"\by?pT[0-4]|\bpT ?(?:category|stage)", re.I)
_NOT_CANCER = lazy(r"specimen|margin|lymph[ -]node|\bnodes?\b|negative for|foci|workup|work-up|potential|survey", re.I)
_ROUTINE = frozenset({Section.FAMILY, Section.LITERATURE, Section.TECHNIQUE, Section.GENE_LIST, Section.PLAN})


class Extent:
    """Findings of kind EXTENT."""

    name: ClassVar[str] = "extent"
    version: ClassVar[int] = 2

    def extract(self, report: Report) -> Iterable[Finding]:
        is_pathology = report.header.type is ReportType.PATHOLOGY
        for segment in report.segments:
            if segment.section in _ROUTINE or segment.is_boilerplate:
                continue
            for start, end, extent, confidence in _said(segment, is_pathology):
                finding = _finding(report, segment, start, end, extent, confidence)
                if finding is not None:
                    yield finding
        if is_pathology or (report.header.type is ReportType.OTHER and _STAGED_ON_TISSUE.search(report.text)):
            yield from _resection(report)


def _said(segment: Segment, is_pathology: bool) -> Iterator[tuple[int, int, str, float]]:
    lower = segment.lower
    if "resectab" in lower or "adv" in lower or "borderline" in lower or "operable" in lower or "lapc" in lower or "brpc" in lower:
        for found in _WORDS.finditer(segment.text):
            yield found.start(), found.end(), found.lastgroup or "", 0.93
    if (
        "metasta" in lower
        or "spread" in lower
        or "secondary" in lower
        or "carcinomatosis" in lower
        or "stage" in lower
        or "mpdac" in lower
        or "mcrc" in lower
    ):
        for found in _METASTATIC.finditer(segment.text):
            near = segment.text[max(0, found.start() - 12) : found.end() + 45]
            is_label = found.start() < 4 and not segment.text[found.end() :].strip(" :*") and "distant" in found.group(0).lower()
            if (
                not is_label
                and not _NOT_CANCER.search(near)
                and not (is_pathology and segment.section in (Section.GROSS, Section.MICROSCOPIC))
            ):
                yield found.start(), found.end(), "metastatic", 0.88 if is_pathology else 0.94
    if not is_pathology:
        for found in _RESECTED.finditer(segment.text):
            yield found.start(), found.end(), "resected", 0.85


def _finding(report: Report, segment: Segment, start: int, end: int, extent: str, confidence: float) -> Finding | None:
    context = context_at(segment, start, end)
    assertion = context.assertion
    if assertion is Assertion.FAMILY or (assertion is Assertion.ABSENT and extent == "metastatic"):
        return None
    if extent == "resected" and assertion is Assertion.HISTORICAL:
        assertion = Assertion.PRESENT
    if extent == "resectable" and (
        assertion is Assertion.ABSENT or re.search(r"\b(?:not|non|un|never)[ -]*(?:\w+ )?$", segment.lower[max(0, start - 20) : start])
    ):
        extent, assertion = "locally_advanced", Assertion.PRESENT
    if assertion is Assertion.ABSENT:
        return None
    return Finding(
        Kind.EXTENT,
        {"extent": extent},
        (segment.evidence(start, end),),
        assertion,
        report.date_of(segment, start, end),
        confidence,
        f"{Extent.name}/{Extent.version}",
    )


def _resection(report: Report) -> Iterator[Finding]:
    """A surgical specimen with the cancer in it: what was examined had been resected."""
    seen: dict[int, re.Match[str] | None] = {}
    for one in mentions(report):
        if not one.is_confirmed or one.is_metastatic or one.histology.behaviour != "malignant":
            continue
        for segment in (one.segment, *report.before(one.segment, 20)):
            if segment.index not in seen:
                seen[segment.index] = _SPECIMEN.search(segment.text)
            found = seen[segment.index]
            if (
                found
                and segment.section not in (Section.HISTORY, Section.PLAN, Section.PAST_MEDICAL)
                and anchor_at(report, one.segment, one.start) == one.organ
            ):
                yield Finding(
                    Kind.EXTENT,
                    {"extent": "resected"},
                    (segment.evidence(found.start(), found.end()),),
                    Assertion.PRESENT,
                    report.header.specimen_date or report.header.date,
                    0.8,
                    f"{Extent.name}/{Extent.version}",
                )
                return
