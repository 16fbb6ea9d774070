"""Every cancer a document names: which organ, which kind, said of whom and how.

A mention is a histology word, or a name that says it all ("PDAC"), with the organ found in this order: in the name; in the words
beside it ("pancreatic ...", "... of the stomach", "consistent with lung primary"); in the specimen's heading before the colon; in
the specimen heading above. The organ of a metastasis is where it was found, not where it came from.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from personalize.vocabulary import Match
from records.extraction.anatomy import CancerKind, Histology, Site, cancer_lexicon, cancer_of, histology_lexicon
from records.extraction.context import Context, context_at
from records.extraction.finding import Assertion
from records.extraction.header import ReportType
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.specimens import is_of_an_edge, of_heading, organs_by_segment, specimen

_SPREAD = lazy(r"\b(?:metasta(?:tic|sis|ses|sized|sizing)|mets|secondar(?:y|ies)|carcinomatosis|deposits?)\b", re.I)


_ORIGIN = lazy(
    (
        r"(?:consistent with|compatible with|favou?rs?|from|of|suggest\w*|c/w|in keeping with|most likely|arising (?:in"
        r"|from)|origin\w* (?:in|from)|primary(?: site)?[:, ]+|known)\W+(?:an? |the |known |his |her |patient's |probable "
        r"|likely |metastas[ie]s from )*(?:\w+ ){0,2}$"
    ),
    re.I,
)


_AFTER_ORIGIN = lazy(r"^\W{0,2}(?:\w+ ){0,2}(?:primary|origin|source)\b", re.I)


_OF = lazy(
    (
        r"^[,\s]*(?:\([^()]{1,30}\)[,\s]*)?(?:of|in|arising (?:in|from|within)|involving|from|at|within|originating (?:in"
        r"|from)|located in|primary (?:of|to))\s+(?:the |an? |his |her |left |right |upper |lower |distal |proximal |head "
        r"|body |tail |and |of |neck |her |mid |anterior |posterior |lesser |greater |curvature )*$"
        r"|^ $|^\W{0,3}\?\W{0,3}yes\W{1,4}(?:in |of |the |my )*$"
        r"|^,[^.;:()]{0,60}\barising (?:in|from|within) (?:the |an? )?$"
    ),
    re.I,
)


_TO = lazy(r"\b(?:to|into|invad\w*|extend\w*|infiltrat\w*|adjacent|surrounding|margin\w*|with)\b", re.I)


_BLOCKED = lazy(
    (
        r"cell(?:s)? line|associated antigen|\bCA[ -]?(?:19|125|15|27)|antigen|marker|screening|center|centre|institute"
        r"|society|registry|protocol|staging (?:system|manual)|manual|foundation|clinic\b|program|council|survivor|support"
        r"|risk|syndrome|research|hospital|network|alliance|treatment of|join[t]? committee|predispos|treatments? for"
        r"|therapy for|awareness|specialist|surgeon|team"
    ),
    re.I,
)


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """One naming of a cancer: [start, end) in its segment. organ: the primary's, None where unknown. found_in: organ of a metastasis."""

    segment: Segment
    start: int
    end: int
    histology: Histology
    organ: str | None
    kind: CancerKind | None
    context: Context
    is_metastatic: bool = False
    found_in: str | None = None
    is_named: bool = False

    @property
    def words(self) -> str:
        return " ".join(self.segment.text[self.start : self.end].split())

    @property
    def is_confirmed(self) -> bool:
        return self.context.assertion is Assertion.PRESENT and not self.context.is_about_nobody


def mentions(report: Report) -> tuple[Mention, ...]:
    """All cancers named in the report, in reading order, whatever is said of them. Computed once a report."""
    return report.once(_mentions)


def mentions_by_segment(report: Report) -> dict[int, list[Mention]]:
    """The same by the index of their segment."""
    return report.once(_by_segment)


def _by_segment(report: Report) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = {}
    for one in mentions(report):
        found.setdefault(one.segment.index, []).append(one)
    return found


def _mentions(report: Report) -> tuple[Mention, ...]:
    organs = organs_by_segment(report)
    named: dict[int, list[Match[CancerKind]]] = {}
    for segment, kind in report.find(cancer_lexicon()):
        named.setdefault(segment.index, []).append(kind)
    made: list[Mention] = []
    heading: tuple[int, Match[Site] | None, bool] = (-1, None, False)
    words: dict[int, list[Match[Histology]]] = {}
    for segment, word in report.find(histology_lexicon()):
        words.setdefault(segment.index, []).append(word)
    for segment in report.segments:
        here = organs.get(segment.index, [])
        heading = specimen(segment, here) or heading
        for word in _joined(segment, words.get(segment.index, []), named.get(segment.index, [])):
            above = heading[1] if _reaches(report, heading[0], segment) else None
            mention = _mention(segment, word, here, named.get(segment.index, []), above)
            if mention is not None:
                made.append(_explained(mention, made[-1]) if made else mention)
    return tuple(_of_one_region(_placed(report, made, organs)))


_JUNCTION, _REGION = "gastroesophageal junction", "esophagus"


def _of_one_region(made: list[Mention]) -> list[Mention]:
    """A carcinoma of the oesophagus and one of the junction with the stomach, in one report, are one tumour and staged by one table (AJCC)."""
    if not any(one.organ == _REGION and one.is_confirmed for one in made):
        return made
    return [replace(one, organ=_REGION, kind=cancer_of(_REGION, one.histology.family)) if one.organ == _JUNCTION else one for one in made]


# "PALB2 is associated with autosomal dominant hereditary breast, ovarian and pancreatic cancer": what a gene does in anybody
_OF_A_GENE = lazy(
    r"\b(?:autosomal|hereditary|inherited|familial|susceptibility to|lifetime|increased? (?:the )?(?:risk|chance)s?|predispos\w+)\b[^.;]*$",
    re.I,
)
# of an entry of a problem list that was taken back
IN_ERROR = lazy(r"\b(?:entered|recorded|listed|documented|added) in error\b|\berroneous(?:ly)? (?:entry|entered)\b", re.I)
_SECONDARY = lazy(
    r"\bsecondary (?:and unspecified )?(?:malignant )?$", re.I
)  # "secondary malignant neoplasm of lung": of the place, whatever it came from
_IN_BRACKETS = lazy(r"[^.;()]{0,60}\($")


def _explained(one: Mention, last: Mention) -> Mention:
    """ "Malignant neoplasm of the pancreas (ductal adenocarcinoma)": what stands in brackets is of the organ before them."""
    if one.organ is not None or last.organ is None or last.segment is not one.segment or last.is_metastatic:
        return one
    if not _IN_BRACKETS.fullmatch(one.segment.text[last.end : one.start]):
        return one
    return replace(one, organ=last.organ, kind=cancer_of(last.organ, one.histology.family) or last.kind, is_named=last.is_named)


def _reaches(report: Report, heading: int, segment: Segment) -> bool:
    """A check-list tells of the report's tumour, whatever the last specimen before it was."""
    is_checklist = segment.section is Section.SYNOPTIC and heading >= 0 and report.segments[heading].section is not Section.SYNOPTIC
    return segment.index - heading < 25 and not is_checklist


# where other organs' cancers are found too: such an organ must be said to be the primary's
_OFTEN_SPREAD_TO = frozenset(("liver", "lung", "bone", "brain", "peritoneum", "lymph node", "pleura", "adrenal gland", "soft tissue"))


_SITE_LABEL = lazy(r"\b(?:tumou?r|primary|anatomic\w*|specimen) ?(?:sites?|locations?|type)\b|\bspecimen|\bprocedure|\boperation", re.I)


def _placed(report: Report, made: list[Mention], organs: dict[int, list[Match[Site]]]) -> list[Mention]:
    """In a report that names its cancer by cells alone ("Histologic type: adenocarcinoma"), the cancer is of the organ that the report is
    about: the one that its labels of site and specimen name, or that it names more often than all others."""
    is_of_tissue = report.header.type is ReportType.PATHOLOGY
    if any(one.kind is not None and one.is_confirmed for one in made):
        return made
    organ = _only_organ(report, organs)

    def placed(one: Mention) -> Mention:
        if not one.is_confirmed or one.is_metastatic or one.organ is not None or one.histology.behaviour != "malignant":
            return one
        kind = cancer_of(organ, one.histology.family) if organ and (is_of_tissue or not one.histology.is_general) else None
        home = organ if kind is not None else _HOMES.get(one.histology.family)
        return replace(one, organ=home, kind=kind or cancer_of(home, one.histology.family)) if home else one

    return [placed(one) for one in made]


# where a tumour of a connective tissue is counted when nothing else is told of the place
_HOMES = {
    **dict.fromkeys(("sarcoma", "liposarcoma", "leiomyosarcoma", "gist"), "soft tissue"),
    **dict.fromkeys(("osteosarcoma", "ewing"), "bone"),
}


def _only_organ(report: Report, organs: dict[int, list[Match[Site]]]) -> str | None:
    labelled: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for index, sites in organs.items():
        segment = report.segments[index]
        for site in sites:
            if site.entry.role == "" and site.entry.group not in _OFTEN_SPREAD_TO:
                named[site.entry.group] += 1
                labelled[site.entry.group] += bool(_SITE_LABEL.search(segment.text) or segment.section is Section.SPECIMEN)
    for counts in (labelled, named):
        usual = counts.most_common(2)
        if usual and usual[0][1] >= 2 and usual[0][1] > sum(count for organ, count in counts.items() if organ != usual[0][0]):
            return usual[0][0]
    return None


_SELF = Histology("named", "named")


def _is_a_billing_mark(text: str, start: int, end: int) -> bool:
    """ "Malignant neoplasm of breast (HCC)": a class of costs (hierarchical condition category) behind any costly disease of a list."""
    return text[start - 1 : start] == "(" and text[end : end + 1] == ")" and not re.search(r"hepat|liver", text[:start], re.I)


def _joined(segment: Segment, words: list[Match[Histology]], named: list[Match[CancerKind]]) -> list[Match[Histology]]:
    """Histology words, and abbreviations that only the list of cancers knows ("PDAC")."""
    extra = [
        Match(one.start, one.end, _SELF, one.term)
        for one in named
        if not any(word.start < one.end and one.start < word.end for word in words)
    ]
    return sorted([*words, *extra], key=lambda one: one.start)


def _mention(
    segment: Segment, word: Match[Histology], here: list[Match[Site]], named: list[Match[CancerKind]], heading: Match[Site] | None
) -> Mention | None:
    histology = word.entry
    if histology.behaviour == "benign" and histology.family == "benign":
        return None
    if IN_ERROR.search(segment.text) or (word.term == "hcc" and _is_a_billing_mark(segment.text, word.start, word.end)):
        return None
    around = segment.text[max(0, word.start - 30) : word.end + 30]
    if histology.is_general and (_BLOCKED.search(around) or _OF_A_GENE.search(segment.text[max(0, word.start - 110) : word.start])):
        return None
    name = next((one for one in named if one.start < word.end and word.start < one.end), None)
    if histology.id == "tumor" and name is None:
        return None
    if (
        word.term in ("ca", "malignant", "cis", "nec", "mcn", "scc")
        and not segment.text[word.start : word.end].isupper()
        and word.term != "malignant"
        and name is None  # "ca pancreas"
        and not (word.term == "ca" and any(one.end == word.start - 1 for one in here))  # "colon ca", as clinicians write
    ):
        return None
    context = context_at(segment, min(word.start, name.start) if name else word.start, max(word.end, name.end) if name else word.end)
    is_metastatic = bool(_SPREAD.search(segment.text[max(0, word.start - 28) : word.start])) or bool(
        re.match(r"[,\s(]*metasta|[,\s]*consistent with metas", segment.text[word.end :], re.I)
    )
    organ, found_in, is_named = _organ(segment, word, here, heading, is_metastatic)
    kind = name.entry if name is not None else cancer_of(organ, histology.family) if organ else None
    if kind is None and histology.site:
        organ = organ if organ and cancer_of(organ, histology.family) else histology.site
        kind = cancer_of(organ, histology.family) or cancer_of(histology.site, histology.family)
    if name is not None:
        specific = cancer_of(name.entry.site, histology.family)
        kind = specific if specific is not None and specific.families[0] != "adenocarcinoma" and not histology.is_general else name.entry
        organ, is_named = kind.site if kind.site != "*" else organ, True
    start, end = (min(word.start, name.start), max(word.end, name.end)) if name is not None else (word.start, word.end)
    if kind is not None and kind.is_blood:
        organ, is_named = organ if organ in ("stomach", "brain") else kind.site if kind.site != "*" else histology.site, True
    return Mention(segment, start, end, histology, organ, kind, context, is_metastatic, found_in, is_named or histology.site is not None)


def _organ(
    segment: Segment, word: Match[Histology], here: list[Match[Site]], heading: Match[Site] | None, is_metastatic: bool
) -> tuple[str | None, str | None, bool]:
    """(the primary's organ, where a metastasis was found, whether the words beside it say so)."""
    if _SECONDARY.search(segment.text[max(0, word.start - 40) : word.start]):
        return None, next((one.entry.group for one in here if one.start >= word.end), None), False
    origin = next((one for one in here if one.entry.role == "" and one.end > word.end and _is_origin(segment, one)), None)
    if origin is not None and (is_metastatic or _AFTER_ORIGIN.match(segment.text[origin.end :])):
        jar = of_heading([one for one in here if one.start < segment.label_end <= word.start], segment.text[: segment.label_end])
        return origin.entry.group, jar.entry.group if is_metastatic and jar is not None else None, True
    before = [one for one in here if one.end <= word.start + 1 and _is_beside(segment.text[one.end : word.start])]
    if before and before[-1].entry.role == "" and not (is_metastatic and _SPREAD.search(segment.text[before[-1].end : word.start])):
        return before[-1].entry.group, None, True
    after = next((one for one in here if one.start >= word.end and _OF.match(segment.text[word.end : one.start])), None)
    if after is not None and after.entry.role == "" and not is_metastatic:
        return after.entry.group, None, True
    label_end = segment.label_end
    is_edge = label_end > 0 and is_of_an_edge(segment.text[:label_end])  # carcinoma in a margin of the bile duct came from elsewhere
    own = None if is_edge else of_heading([one for one in here if one.start < label_end <= word.start], segment.text[:label_end])
    own = own or _before_a_dash(segment, word, here)
    above = own or heading or (None if is_edge else _before_a_colon(segment, word, here))
    place = above.entry.group if above is not None else None
    if is_metastatic or (above is not None and above.entry.role):
        return None, place, False
    return place, None, False


def _before_a_colon(segment: Segment, word: Match[Histology], here: list[Match[Site]]) -> Match[Site] | None:
    """ "Consult: Pancreas, biopsy (outside slides): Acinar cell carcinoma": the organ before any colon of the sentence."""
    text = segment.text
    before = [one for one in here if ":" in text[one.end : word.start] and ". " not in text[one.end : word.start]]
    return of_heading(before, text[: word.start])


_DASH = lazy(r"^\W*(?:[A-Z0-9]{1,2}[.)] *)?(?P<specimen>[A-Za-z][^.;:]{2,110}?) --? (?P<kind>[\w ,-]{0,45})$")


def _before_a_dash(segment: Segment, word: Match[Histology], here: list[Match[Site]]) -> Match[Site] | None:
    """ "1. Liver, left lobe, core biopsy - Metastatic adenocarcinoma": the specimen stands before the dash."""
    found = _DASH.match(segment.text[: word.start])
    if found is None or not re.search(r"biops|ectomy|resect|excis|aspirat|\bFN[AB]\b|brush|wash|specimen", found["specimen"], re.I):
        return None
    return of_heading([one for one in here if one.end <= found.end("specimen")], found["specimen"])


def _is_beside(between: str) -> bool:
    """Only adjectives between the organ and the tumour: no comma, no verb, at most four words."""
    return (
        len(between) < 60
        and len(between.split()) <= 5
        and not re.search(r"[,:;()]|\b(?:with|and|shows?|is|was|for|no|not|of|by|to|in|the)\b", between, re.I)
    )


def _is_origin(segment: Segment, site: Match[Site]) -> bool:
    before = segment.text[max(0, site.start - 60) : site.start]
    return (bool(_ORIGIN.search(before)) and not _TO.search(before[-12:])) or bool(_AFTER_ORIGIN.match(segment.text[site.end :]))
