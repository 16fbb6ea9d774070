"""Which part of a report a line stands in. A section changes what its words mean: a relative's, planned, or nobody's at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from records.extraction.patterns import lazy
from records.extraction.section_titles import KNOWN, Section


@dataclass(frozen=True, slots=True)
class Heading:
    """[start, end) of a heading in its page, its colon included."""

    start: int
    end: int
    section: Section
    title: str


_ONLY_ALONE = frozenset(
    [
        "general",
        "chest",
        "abdomen",
        "pelvis",
        "lungs",
        "liver",
        "pancreas",
        "bones",
        "source",
        "key",
        "result",
        "summary",
        "surgery",
        "stains",
        "procedure",
        "source",
        "indication",
        "note",
        "notes",
        "date",
        "patient",
        "t",
        "p",
        "s",
        "m",
        "cc",
        "treatment",
        "therapy",
        "reference",
        "method",
        "mri",
        "examination",
        "exam",
        "history",
        "signed",
        "results",
        "histology",
        "chemotherapy",
    ]
)
_ORGANS = frozenset(["chest", "abdomen", "pelvis", "lungs", "liver", "pancreas", "bones"])  # headings of imaging reports only once in one
# also behind the labels of a form that stay empty ("Room No: Hosp.No: FINAL DIAGNOSIS: ...")
_LABEL = lazy(
    r"(?:^|(?<=\n)|(?<=[.;] )|(?<=[.;]  )|(?<=[A-Za-z]: )(?=[A-Z]{4,} [A-Z ]{3,40}:))[ \t]*(?:[*#=_-]+[ \t]*)?(?:(?:[IVX]{1,4}"
    r"|[A-Z0-9]{1,2})[.)][ \t]+)?([A-Za-z][A-Za-z0-9 /&,'()-]{1,58}?)[ \t]*(?:\([^()\n]{1,80}\)[ \t]*)?[*=_-]*[ \t]*(:|\n|$|\.(?=\s))"
)
_LEAD = lazy(r"^(?:appendix|annex|section|part|attachment|supplement)(?: [a-z0-9]{1,3})?\s*[-:.,]*\s*(?=[a-z])")
# what a heading that stands alone can only open, whatever else it says
_BY_WORDS = (
    (
        Section.GENE_LIST,
        lazy(r"\bgenes? (?:assayed|tested|analy[sz]ed|list|covered|evaluated|included|interrogated|sequenced|targeted|on)"),
    ),
    (Section.TECHNIQUE, lazy(r"\b(?:methods|methodolog\w+|limitations|disclaimers?|regulatory)\b")),
    (
        Section.LITERATURE,
        lazy(
            r"\btherap(?:y|ies)\b.*\b(?:relevance|benefit|associated|approved|potential|resistance|implications?|matched|options)\b"
            r"|\b(?:associated|approved|potential|matched|relevant|targeted)\b.*\b(?:therap(?:y|ies)|drugs)\b"
            r"|\bclinical trials?\b|\btrial (?:context|options|listings?)\b|\breferences cited\b"
        ),
    ),
)
_TAIL = lazy(r"\s*\([^()]*\)$|\s+(?:continued|cont'd|cont|report|\d+)$")
_STARTS = lazy(r"\n[ \t]*|[.;][ \t]+")
_ALONE = lazy(r"[ \t]*[:=_*#-]*[ \t]*(?:\n|$)")
# A relative's things end where the patient's begin: a scale of fitness, a vital sign, an examination; or any label that names no kin, no
# disease and no gene (those may still be a relative's).
_PATIENTS_OWN = lazy(
    r"[ \t]*[*-]?[ \t]*(?:ECOG|E\.C\.O\.G|Karnofsky|KPS|Zubrod|WHO PS|PS[ :=]+[0-4]\b|performance status|functional status|vitals?\b|weight\b"
    r"|height\b|BMI\b|BP\b|blood pressure|pulse\b|temp(?:erature)?\b|SpO2|labs?\b|on exam|physical exam|CT\b|MRI\b|PET\b|imaging\b|assessment\b"
    r"|plan\b|CA ?19|CEA\b|CBC\b|hemoglobin|haemoglobin|albumin|bilirubin|creatinine)"
    r"|(?<=\n)(?:he|she|the patient|patient|pt)\b(?!'s?)[ ](?:has|is|was|had|underwent|received|presents|presented|remains|continues)\b"
    r"(?![^\n]{0,60}\b(?:mother|father|brothers?|sisters?|aunts?|uncles?|cousins?|siblings?|child\w*|sons?|daughters?|parents?|family|relatives?|adopted)\b)",
    re.I,
)
_STILL_A_RELATIVES = lazy(
    r"mother|father|brother|sister|sibling|aunt|uncle|cousin|niece|nephew|\bson\b|daughter|child|parent|grand|maternal|paternal|kin\b|family"
    r"|relative|cancer|carcinoma|tumou?r|disease|syndrome|diabetes|heart|lymphoma|leuk|melanoma|breast|colon|ovar|prostate|pancrea|other|age"
    r"|detail|comment|note|mutation|\bgenes?\b|history|known|brca|lynch|\b[A-Z]{2,5}\d|[A-Z0-9]{3,6}$",
    re.I,
)
# a list of variants of one class: everything in it is of that class, so its line may never be taken for the first entry's beginning
_OF_A_CLASS = lazy(
    r"^[ \t*#]*(?P<title>(?:[A-Z\d][\w /&()-]{0,30}[:-] ?)?(?:[A-Za-z/-]+ ){0,3}?(?:(?:variants|alterations|mutations|findings) of "
    r"(?:uncertain|unknown|undetermined|unclear) (?:clinical |biological )?significance|(?:pathogenic|actionable|clinically significant) "
    r"(?:variants|alterations|mutations|findings))(?: ?\(?VUSe?s?\)?)?(?: ?\((?:n ?= ?)?\d{1,3}\))?)[ \t]*:?[ \t]*$",
    re.I | re.M,
)
# a leaflet among the papers: "UNDERSTANDING YOUR TREATMENT: FOLFIRINOX"
_LEAFLET = lazy(
    r"^[ \t*#]*(?P<title>(?:understanding|learning about|all about|coping with|living with|information about|what (?:you (?:need|should)"
    r"(?: to)? know|to expect)|taking care of yourself|patient (?:education|information|handout|leaflet)|fact ?sheet)\b[^\n.?]{0,70})\??[ \t]*$",
    re.I | re.M,
)
# "Clinical significance: pathogenic" is a value of a variant, not the beginning of an essay
_CLASS_VALUE = lazy(r"[ \t]*(?:class|tier|vus|variant of|likely|pathogenic|benign|uncertain|unknown|conflicting|[1-5]\b)", re.I)
_CLOSED_BY_ANY_TITLE = frozenset(
    (
        Section.FAMILY,
        Section.ALLERGIES,
        Section.PAST_MEDICAL,
        Section.SOCIAL,
        Section.MEDICATIONS,
        Section.LITERATURE,
        Section.GENE_LIST,
        Section.TECHNIQUE,
    )
)
# the parts of a report of tissue, whose titles stand alone on a line
_OF_A_REPORT = frozenset(
    (
        Section.DIAGNOSIS,
        Section.SYNOPTIC,
        Section.MICROSCOPIC,
        Section.GROSS,
        Section.INTRAOPERATIVE,
        Section.SPECIMEN,
        Section.HISTORY,
        Section.COMMENT,
        Section.ADDENDUM,
    )
)


def headings_in(page: str) -> Iterator[Heading]:
    """The headings of one normalised page, in order: known titles, lists of a class, and unknown ones where a section that must not leak ends."""
    classes = [
        Heading(found.start("title"), found.end("title"), section, " ".join(found["title"].lower().split()))
        for section, words in ((Section.MOLECULAR, _OF_A_CLASS), (Section.LITERATURE, _LEAFLET))
        for found in words.finditer(page)
        if found["title"][0].isupper() or found["title"][0].isdigit()
    ]
    headings = _without_leaks(page, list(_headings(page)))
    if not classes:
        yield from headings
        return
    others = [one for one in headings if not any(one.start < known.end and known.start < one.end for known in classes)]
    yield from sorted([*classes, *others], key=lambda one: one.start)


def _without_leaks(page: str, headings: list[Heading]) -> list[Heading]:
    """A family history of one line ends where a line or a sentence of the patient's own begins, headed or not."""
    made: list[Heading] = []
    for place, one in enumerate(headings):
        made.append(one)
        if one.section is not Section.FAMILY:
            continue
        end = headings[place + 1].start if place + 1 < len(headings) else len(page)
        starts = (found.end() for found in _STARTS.finditer(page, one.end, end))
        own = next((start for start in starts if _PATIENTS_OWN.match(page, start, end)), None)
        if own is not None:
            made.append(Heading(own, own, Section.OTHER, ""))
    return made


def _headings(page: str) -> Iterator[Heading]:
    current = Section.UNKNOWN
    for found in _LABEL.finditer(page):
        title = " ".join(found.group(1).lower().split())
        has_colon = found.group(2) == ":"
        section = section_of(title)
        if found.group(2) == "." and (section not in _OF_A_REPORT or not _is_lost_line(found.group(1))):
            continue
        is_alone = not has_colon or bool(_ALONE.match(page, found.end()))
        if section is None and is_alone and _is_title(found.group(1), has_colon):
            section = _by_words(title)
        if section is not None and section.is_about_nobody and _is_no_essay(page, found, has_colon):
            section = None
        if section is not None and title in _ONLY_ALONE and not (is_alone or found.group(1).isupper()):
            section = None
        if section is Section.IMAGING and title in _ORGANS and current is not Section.IMAGING:
            section = None
        if section is None and current in _CLOSED_BY_ANY_TITLE and is_alone and _is_title(found.group(1), has_colon):
            section = Section.OTHER
        if section is None and current is Section.FAMILY and has_colon and not _STILL_A_RELATIVES.search(found.group(1)):
            current = Section.OTHER
            yield Heading(found.start(1), found.start(1), current, title)  # a label with its value stays one piece
        if section is not None:
            current = section
            yield Heading(found.start(1), found.end(2) if has_colon else found.end(1), section, title)


def section_of(title: str) -> Section | None:
    """The section that a heading's words open; None where they are no heading we know. title: lower case, single spaces."""
    title = _LEAD.sub("", title)
    if title.startswith("synoptic report"):
        return Section.SYNOPTIC  # "Synoptic report - breast, ER/PR results"
    for words in (title, _TAIL.sub("", title), title.removeprefix("the ").removesuffix("s")):
        if words in KNOWN:
            return KNOWN[words]
    for prefix in ("patient ", "personal ", "current ", "relevant ", "pertinent ", "updated ", "other "):
        if title.startswith(prefix) and title.removeprefix(prefix) in KNOWN:
            return KNOWN[title.removeprefix(prefix)]
    return None


def _is_no_essay(page: str, found: re.Match[str], has_colon: bool) -> bool:
    """The rest of a wrapped line ("unknown / clinical significance"), or a value of one word."""
    return (not has_colon and found.group(1)[0].islower()) or (has_colon and bool(_CLASS_VALUE.match(page, found.end())))


def _by_words(title: str) -> Section | None:
    return next((section for section, words in _BY_WORDS if words.search(title)), None)


def _is_lost_line(words: str) -> bool:
    """A known title that is a whole sentence ("... was received. GROSS DESCRIPTION. A. Labelled ..."): its line was joined to the next."""
    return len(words) > 6 and (words.isupper() or (" " in words and words.istitle()))


def _is_title(words: str, has_colon: bool) -> bool:
    """A line that looks like a heading: few words, all capitals or each with a capital first."""
    parts = words.split()
    if len(parts) > 6 or words.rstrip().endswith(","):
        return False
    if words.isupper():
        return len(words) > 3 and (has_colon or not any(letter.isdigit() for letter in words))
    return has_colon and all(part[0].isupper() or part in ("and", "of", "the", "&", "/", "to", "for") for part in parts)
