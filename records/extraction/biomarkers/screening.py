"""What only looks like a result: other people's, hypothetical ones, drugs' targets, blood tests, words that are also symbols."""

from __future__ import annotations

import re

from records.extraction.biomarkers.assays import speaks_of_stains
from records.extraction.biomarkers.groups import Group
from records.extraction.biomarkers.names import STAIN, is_common_word
from records.extraction.biomarkers.tokens import Token
from records.extraction.context import OF_MANY, Context
from records.extraction.cuts import Shape
from records.extraction.patterns import lazy, says
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment, unbroken

_TARGETED = lazy(
    (
        r"(?:[ ]?[A-Z]\d{1,4}[A-Z]\b)?[- ]{0,2}(?:\([^()]{0,20}\)[ ]?)?(?:inhibitors?|inhibition|antagonists?|agonists?"
        r"|directed|targeted|targeting|blockade|blockers?|antibod(?:y|ies)|bispecific|car[- ]?t\b|car\b|tkis?\b|vaccin\w*"
        r"|degraders?|adc\b|x ?cd3|-specific|tcr\b|engineered|therap(?:y|ies)|drug)\b"
    ),
    re.I,
)
_ANTI = lazy(r"(?:\banti-?|\bagainst |\btargeting |\bdirected at |\binhibitors? of |\bpan-)$", re.I)
_HLA_BEFORE = lazy(r"\bHLA\b[^.;:|]{0,20}$", re.I)
_HLA_BEHIND = lazy(r"[,)]?[ ]?(?:\(LOH\)[ ]?)?(?:(?:at|of|in) (?:the )?|\()?HLA\b", re.I)
_CONDITION = lazy(
    (
        r"\b(?:if|when|whether|unless|should|would|chances? of|risk of|at risk|likelihood of|probability of|in case of|in the event"
        r"|may be eligible|eligib\w+|candidates?|could be|patients? with|those with|tumou?rs with|individuals with"
        r"|(?:specimens|cases|samples)\W{1,3}(?:with|that)|approved for|indicated (?:for|in)|cut-?off"
        r"|threshold (?:for|of)|only if|depending on|either"
        r"|(?:criteria|coverage|policy|plan|protocol|approval)(?: \w+)? requires?)\b"
    ),
    re.I,
)
_SCALE = lazy(
    (
        r"\b(?:grading|cut-?offs?|threshold|criteria|WHO 20\d\d|is defined|are defined|favou?rs|scor(?:e|ing) (?:system|key"
        r"|of)|interpretation guid\w*|definitions?|above|reference|expected|population|(?:is|are) considered)\b"
    ),
    re.I,
)
_STRONG = lazy(
    (
        r"\b(?:et al|studies (?:have )?show|have been reported|has been reported|is associated with|are associated with"
        r"|occurs? in|are found in|is found in|found in (?:approximately|about|up to|over|more than)|known to harbor"
        r"|patients whose|the assay|this assay|this test|assay is|test is|test was developed|were developed|was developed"
        r"|performance characteristics|clinical studies|literature|according to the|guidelines?|fda|food and drug"
        r"|positivity (?:is )?defined|(?:is|are) defined as|is calculated|cell lines?|control tissue|scoring range|on a scale of"
        r"|is intended|limit of detection|sensitivity|specificity|encodes|plays a role|tumor suppressor"
        r"|clones? (?:are )?used|antibodies and their|are scored as|is scored as|scored as follows|considered (?:positive"
        r"|negative)|in general|typically|usually|frequently|commonly|may predict|predicts? response|used to determine"
        r"|used for|companion diagnostics?"
        r"|(?:is|are) reported (?:as (?!positive|negative)|at |when |if |only )|reporting of"
        r"|reported as a|are reported to|is reported to|have shown|has shown|respond to|response to"
        r"|hallmark|mutually exclusive)\b"
    ),
    re.I,
)
# of many people, however near the marker stands
_OF_SUCH = lazy(
    r"\b(?:(?:positive|negative|mutated|mutant|amplified)[- ](?:patients|individuals|people)"
    r"|(?:trials?|stud(?:y|ies)|vaccines?|drugs?|approved) (?:for|in|of) (?:\S+ ){1,4}?(?:tumou?rs|cancers|patients))\b",
    re.I,
)
_SERUM = lazy(
    (
        r"\b(?:serum|plasma|level|levels|u/ml|ng/ml|ug/l|µg/l|iu/ml|ku/l|pg/ml|pmol/l|mg/dl|blood|elevated|rose|risen"
        r"|rising|normaliz\w+|trend\w*|baseline|nadir|tumou?r markers?)\b|\bu/l\b"
    ),
    re.I,
)
# what a laboratory says of variants that it did find
_UNCHARACTERISED = lazy(r"not (?:yet )?(?:been )?(?:\w+ )?characteri[sz]ed in the (?:\w+ )?literature|no literature", re.I)
# "The result issued in January (MSI-High) was reported in error"
_IN_ERROR = lazy(
    r"[^.;:]{0,40}\b(?:was|were|is|are|has been|had been) (?:\w+ )?(?:(?:reported|issued|released|entered|given|listed) (?:\w+ )?in error|incorrect"
    r"|erroneous|retracted|withdrawn|a mistake|due to a (?:specimen|sample) swap)",
    re.I,
)
_ADDENDUM = lazy(r"(?:^|[.:*] *)(?:addendum|amendment|supplement(?:al|ary) report)\b[ #:]*(?:\d|comment|diagnosis|report|$)", re.I)
# what a test is for ("evaluated for HER2 overexpression by immunohistochemistry"): its noun is no result where no word of one follows
_PURPOSE = lazy(
    r"\b(?:(?:evaluat|assess|test|examin|analy[sz]|stain|screen|prob)(?:ed|ing|is)? for|(?:assay|analysis|studies|study|probe)s? for"
    r"|presence (?:or|/|and) absence of|to (?:detect|determine|assess|evaluate)\b)[^.;:]{0,70}$",
    re.I,
)
_SAYS_RESULT = lazy(
    r"will be|pending|positive|negative|retain|intact|preserved|\blos[st]|normal|mutated|wild|amplified|\b(?:is|are|no|not)\b|absent|present"
    r"|identified|detected|show|reveal|demonstrat|[0-3] ?\+|\d ?%|[:=]",
    re.I,
)
# what numbers mean, not what was found: "Negative < 6.5, positive >= 6.5", "0 = no staining, 1 = <1% of cells"
_KEY = lazy(
    r"\b(?:negative|positive|equivocal|borderline)\W{0,2}[<>=]{1,2} ?\d[^:;]{0,40}\b(?:negative|positive|equivocal|borderline)\W{0,2}[<>=]"
    r"|\b0 ?= ?(?:no|none|absent)\b|\b1 ?= ?(?:<|weak|faint)",
    re.I,
)
_TO_COME = lazy(r"\b(?:will|shall|to) be\b|pending|requested|ordered", re.I)
# a result that the report itself takes back: "the original report stated that HER2 was positive ... actually negative"
_TOLD_BEFORE = lazy(
    r"\b(?:original|initial|previous|prior|first)(?:ly)?\b[^;:]{0,40}\b(?:report|result|interpretation|diagnosis|reading)?\w*\b[^;:]{0,15}?"
    r"\b(?:stated|reported|indicated|listed|called|interpreted|said)\b",
    re.I,
)
_TAKEN_BACK = lazy(r"\b(?:amend|correct(?:ed|ion)|revis|actually|erroneous|in error|should (?:read|have))", re.I)
_ER_PLACE = lazy(r"\b(?:the|in|to|from|via|our|an|through|at) $", re.I)
_BESIDE_PR = lazy(r"^\s*(?:interval|of\b|on\b|after|by ct|by imaging|in\b|\(partial|was achieved|achieved|per recist)", re.I)


def is_therapy_target(text: str, start: int, end: int) -> bool:
    """ "KRAS G12C inhibitors", "CD19 CAR-T", "anti-PD-L1", "HER2-directed": a drug's target, not the tumour's marker."""
    return bool(_TARGETED.match(text, end) or _ANTI.search(text[max(0, start - 16) : start]))


def is_of_hla(text: str, start: int, end: int) -> bool:
    """ "HLA LOH", "loss of heterozygosity at the HLA locus": of the tissue type (hla.py), no score of the whole genome."""
    return bool(_HLA_BEFORE.search(text[max(0, start - 30) : start]) or _HLA_BEHIND.match(text, end))


def speaks_of_others(report: Report, segment: Segment) -> bool:
    """A sentence of literature, method or definition."""
    return segment.index in report.once(about_nobody) or says(_STRONG, segment.text)


def about_nobody(report: Report) -> frozenset[int]:
    """The segments under a heading of literature, method or gene list. An addendum's beginning ends such a part."""
    found: set[int] = set()
    is_ended, title = False, ""
    for segment in report.segments:
        if segment.title != title:
            is_ended, title = False, segment.title
        is_ended = is_ended or bool(_ADDENDUM.search(segment.text))
        if segment.section.is_about_nobody and not is_ended:
            found.add(segment.index)
    return frozenset(found)


def is_unfit(report: Report, segment: Segment, place: Segment, group: Group, token: Token, groups: list[Group], context: Context) -> bool:
    """Is the construction no result of this patient's tumour after all?"""
    assert token.marker is not None
    if {place.index, segment.index} & report.once(about_nobody):
        return True
    if _IN_ERROR.match(place.text, token.end) or says(_KEY, segment.text):
        return True
    if _is_about_the_world(segment, place, group, token) or _is_purpose(place, token) or _is_taken_back(report, place, token):
        return True
    if is_hypothetical(place, token, group):
        return True
    if token.marker.is_also_serum and not _is_on_slides(segment, place, token, group, groups):
        return True
    if token.marker.kind == STAIN and not _has_word(group) and says(_SCALE, segment.text):
        return True
    return _is_other_word(report, place, group, token)


def _is_purpose(place: Segment, token: Token) -> bool:
    text = unbroken(place).text
    before = text[max(0, token.start - 100) : token.start]
    return bool(_PURPOSE.search(before)) and not (_SAYS_RESULT.search(text, token.end) or _TO_COME.search(before))


def _is_taken_back(report: Report, place: Segment, token: Token) -> bool:
    if not _TOLD_BEFORE.search(unbroken(place).text[: token.start]):
        return False
    behind = place.text[token.end :] + " ".join(one.text for one in report.after(place, 2))
    return _TAKEN_BACK.search(behind) is not None


def _has_word(group: Group) -> bool:
    return group.forward is not None or any(slot.status or slot.changes for slot in group.slots)


def _is_about_the_world(segment: Segment, place: Segment, group: Group, token: Token) -> bool:
    """Boilerplate, unless the result stands right beside its marker at the head of a line ("PD-L1 (clone 22C3, Dako): TPS 60 %")."""
    if says(OF_MANY, segment.text) or says(_OF_SUCH, segment.text):
        return True
    if not (says(_STRONG, segment.text) or segment.is_boilerplate or says(_STRONG, place.text)):
        return False
    if says(_UNCHARACTERISED, segment.text) and any(slot.changes for slot in group.slots):
        return False
    if says(_STRONG, segment.text):
        return not (
            _is_tight(group)
            and token.start < 30
            and place is segment
            and len(segment.text) < 160
            and not re.search(
                r"\b(?:et al|occurs? in|found in|literature|patients|tumou?rs with|considered|scored as|defined as)\b", segment.lower
            )
        )
    return not _is_tight(group)


def _is_tight(group: Group) -> bool:
    return any(slot.is_filled and slot.gap == 0 for slot in group.slots)


def is_hypothetical(place: Segment, token: Token, group: Group) -> bool:
    """ "If KRAS G12D is found", "patients with MSI-high tumors", "eligible"."""
    before = place.text[max(0, token.start - 110) : token.start]
    conditions = list(_CONDITION.finditer(before))
    if conditions and not re.search(r"[.;:]\s|\b(?:and|but) (?:is|was|has|had|tested|negative|positive)\b", before[conditions[-1].end() :]):
        return True
    after = place.text[token.end : token.end + 90].split(". ")[0]
    return bool(
        re.search(
            r"\b(?:may be eligible|would be|should be (?:tested|considered|performed)|eligible for|candidates? for (?:a )?trial)\b", after
        )
    )


def _is_on_slides(segment: Segment, place: Segment, token: Token, group: Group, groups: list[Group]) -> bool:
    """A name that is a blood test too: words of stains, or other stains in the same sentence, and no words of blood."""
    if says(_SERUM, segment.text) and not re.search(r"immuno|\bstain", segment.lower):
        return False
    if not _has_word(group):
        return False
    if speaks_of_stains(segment) or speaks_of_stains(place):
        return True
    others = [one.marker for each in groups for one in each.markers if one is not token and one.marker is not None]
    if any(one.kind == STAIN and not one.is_also_serum for one in others):
        return True
    is_tissue = place.section in (Section.MICROSCOPIC, Section.DIAGNOSIS, Section.COMMENT, Section.ADDENDUM)
    return is_tissue and report_says_stains(segment)


def report_says_stains(segment: Segment) -> bool:
    return bool(re.search(r"positiv|negativ", segment.lower)) and not any(
        letter.isdigit() for letter in segment.text.replace("19-9", "").replace("125", "")
    )


def _is_about_tissue(report: Report) -> bool:
    return bool(re.search(r"receptor|breast|her-?2|immuno|stain|carcinoma|\bihc\b|tumou?r", report.text, re.I))


def _is_other_word(report: Report, place: Segment, group: Group, token: Token) -> bool:
    """ "MET", "ER", "PR" and their like: only with the result right beside them, and never as a place or a response."""
    raw = place.text[token.start : token.end]
    if not is_common_word(raw):
        return False
    before, after = place.text[max(0, token.start - 12) : token.start], place.text[token.end : token.end + 24]
    if raw == "ER" and _ER_PLACE.search(before) and group.forward is None:
        return True
    if raw == "PR" and _BESIDE_PR.match(after) and not re.match(r"^\s*(?:is|was|:|\(|positive|negative|\d)", after):
        return True
    if raw == "HR" and re.match(r"\s*(?:[:=of]*\s*)?\d", after):
        return True  # the heart's rate, a hazard ratio
    if raw in ("ER", "PR", "AR", "HR"):
        return not report.once(_is_about_tissue)
    if place.shape is Shape.ROW and place.cells and place.cells[0].start <= token.start < place.cells[0].end:
        return False  # the first cell of a row is what the row is about
    return any(slot.gap > 1 for slot in group.slots if slot.is_filled) or (group.forward is not None and group.forward_gap > 1)
