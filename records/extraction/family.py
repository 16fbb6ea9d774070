"""What runs in the family: a cancer or an inherited change, attached to the relative who has it. Never the patient's.

A condition belongs to the relative named last before it ("Mother: breast cancer"), or to the one right behind it ("breast cancer in
her mother"). Relatives by marriage are no family history. Denied and healthy relatives give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from records.extraction.context import is_of_relative
from records.extraction.finding import Assertion, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment

_SIDE = (
    r"(?:(?:maternal|paternal|mat\.?|pat\.?|older|younger|elder|half|twin|identical|two|three|one|several|both"
    r"|multiple|full|mother's|father's|\d)[ -])*"
)
_RELATIVE = lazy(
    rf"\b(?P<who>{_SIDE}(?:great[- ]?)*(?:mother|father|brother|sister|aunt|uncle|cousin|niece|nephew|son"
    rf"|daughter|parent|sibling|grandmother|grandfather|grandparent|half[- ]?brother|half[- ]?sister|grandson"
    rf"|granddaughter|mom|mum|dad|child|grandma|grandpa|granny|gran|grandd?ad|twin|(?-i:MG[MF]|PG[MF]))s?(?:ren)?)\b(?!-in-law| in law"
    rf"| cell)(?:'s (?P<next>mother|father|brother|sister|aunt|uncle|side))?(?! of (?:two|three|\d))",
    re.I,
)
_KIN = lazy(
    r"mother|father|brother|sister|aunt|uncle|cousin|niece|nephew|\bsons?\b|daughter|parent|sibling|\bmom\b|\bmum\b|\bdad\b|child|grand|\bgran(?:ny)?\b|twin|\b[mp]g[mf]\b",
    re.I,
)
_KIN_STEMS = (
    "mother", "father", "brother", "sister", "aunt", "uncle", "cousin", "niece", "nephew", "son", "daughter", "parent", "sibling", "mom", "mum",
    "dad", "child", "gran", "twin", "mgm", "mgf", "pgm", "pgf",
)  # fmt: skip
_CANCER_WORD = (
    r"(?:cancers?|ca\b|carcinomas?|adenocarcinomas?|tumou?rs?|lymphomas?|leuk[a]?emias?|melanomas?|sarcomas?"
    r"|myelomas?|gliomas?|glioblastomas?|neoplasms?|malignanc(?:y|ies)|mesotheliomas?|seminomas?|blastomas?"
    r"|cholangiocarcinomas?|(?-i:CLL|AML|CML|NHL|DLBCL|GBM|RCC|HCC|CRC|SCLC|NSCLC|PDAC)\b)"
)
_ADJECTIVE = (
    r"(?:(?:early[- ]onset|bilateral|metastatic|triple[- ]negative|unilateral|invasive|primary|pre-?menopausal"
    r"|post-?menopausal|stage \w+|non-hodgkin'?s?|hodgkin'?s?|non-small cell|small cell|acute|chronic"
    r"|lymphocytic|lymphoblastic|myeloid|myelogenous|multiple|renal cell|basal cell|squamous cell|hepatocellular"
    r"|germ cell|soft tissue|malignant|unknown|head and neck|[\w-]+-negative|[\w-]+-positive|neuroendocrine"
    r"|islet cell|bile duct|gi|gu|gyn)[ ])*"
)
_SITE = (
    r"(?:breast|ovarian|ovary|pancreatic|pancreas|colon|colorectal|rectal|bowel|prostate|lung|gastric|stomach"
    r"|uterine|uterus|endometrial|cervical|kidney|renal|bladder|liver|thyroid|brain|skin|esophageal|oesophageal"
    r"|testicular|throat|oral|bone|blood|pituitary|adrenal|gallbladder|biliary|ampullary|laryngeal|tongue"
    r"|intestinal|peritoneal|fallopian tube|parathyroid|urothelial|vulvar|eye|uveal|salivary|parotid"
    r"|nasopharyngeal|small bowel|appendiceal|anal|heart|spinal)"
)
_CONDITION = lazy(
    rf"\b(?P<cancer>{_ADJECTIVE}(?:{_SITE}(?:(?:, | and |/| & )(?:{_ADJECTIVE}{_SITE}))*[ "
    rf"])?{_ADJECTIVE}{_CANCER_WORD}(?:\.?(?: of)?(?: the| unknown)? (?:{_SITE}|primary))?)"
    r"|(?P<gene>\b(?:germline |pathogenic |known |a |an |the )?(?:BRCA ?1/2|BRCA ?[12]|BRCA|PALB2|ATM|CHEK2"
    r"|CDKN2A|TP53|MLH1|MSH2|MSH6|PMS2|EPCAM|STK11|APC|MEN ?1|MEN ?2|VHL|PRSS1|RAD51[CD]|BRIP1|NF1|CDH1|PTEN"
    r"|HOXB13|BAP1|RET|SDH[ABCD])\b(?!-negative)(?: (?:pathogenic |germline )?(?:mutation|variant|carrier|gene"
    r"|positive)s?)?)"
    r"|(?P<syndrome>\b(?:Lynch syndrome|HNPCC|familial adenomatous polyposis|FAP|Li-Fraumeni(?: syndrome)?"
    r"|Peutz-Jeghers(?: syndrome)?|FAMMM|hereditary pancreatitis|von Hippel-Lindau|Cowden syndrome"
    r"|hereditary breast and ovarian cancer(?: syndrome)?|chronic pancreatitis|pancreatitis"
    r"|Sj[oö]gren'?s?(?: syndrome| disease)?|(?:systemic )?lupus(?: erythematosus)?|rheumatoid arthritis"
    r"|multiple sclerosis|Crohn'?s?(?: disease)?|ulcerative colitis|psoriasis|type [12] diabetes(?: mellitus)?"
    r"|Hashimoto'?s?(?: thyroiditis| disease)?|celiac disease|autoimmune (?:disease|pancreatitis)))\b",
    re.I,
)
_NEGATED = lazy(
    r"\b(?:no|not|denies|denied|without|negative for|never had|none|nor|unaffected|healthy|ruled out"
    r"|noncontributory|non-contributory|did not have|does not have|unknown if|tested negative)\b",
    re.I,
)
_BEHIND = lazy(
    r"^[ ,(]*(?:at (?:age )?\d+[ ,)]*|\(?(?:age )?\d+\)?[ ,]*|dx'?d?(?: at)? \d+[ ,]*)?(?:was |is "
    r"|were )?(?:seen |noted |reported |diagnosed |occurring |present )?(?:in|for|affecting)[ ]+(?:an? |the "
    r"|his |her |their |my |both |two |one |multiple )*$",
    re.I,
)
_PATIENT = lazy(r"\b(?:the patient|patient|pt)\b(?! (?:has|reports|states|endorses) (?:an? )?(?:family|\w+ (?:with|who)))", re.I)
_STEM = {
    "mom": "mother",
    "mum": "mother",
    "gran": "grandmother",
    "granny": "grandmother",
    "grandad": "grandfather",
    "granddad": "grandfather",
    "dad": "father",
    "grandma": "grandmother",
    "grandpa": "grandfather",
    "mat": "maternal",
    "pat": "paternal",
    "mat.": "maternal",
    "pat.": "paternal",
    "mgm": "maternal grandmother",
    "mgf": "maternal grandfather",
    "pgm": "paternal grandmother",
    "pgf": "paternal grandfather",
}
# "my father's brother"
_KIN_OF_PARENTS = {"brother": "uncle", "sister": "aunt", "mother": "grandmother", "father": "grandfather"}
_SIDES = {"mother": "maternal", "father": "paternal"}


class Family:
    """Findings of kind FAMILY_HISTORY."""

    name: ClassVar[str] = "family"
    version: ClassVar[int] = 3

    def extract(self, report: Report) -> Iterable[Finding]:
        seen: set[tuple[str, str]] = set()
        last: tuple[int, re.Match[str]] | None = None
        with_kin = {segment.index for segment in report.having(_KIN, *_KIN_STEMS)}
        for segment in report.segments:
            if segment.is_boilerplate or segment.section.is_about_nobody:
                continue
            if segment.section is not Section.FAMILY and segment.index not in with_kin:
                continue
            carried = last[1] if last is not None and segment.index - last[0] == 1 and segment.section is Section.FAMILY else None
            for relative, condition, start, end in _pairs(segment, carried):
                if (relative, condition) not in seen:
                    seen.add((relative, condition))
                    yield _finding(report, segment, relative, condition, start, end)
            relatives = list(_RELATIVE.finditer(segment.text)) if segment.section is Section.FAMILY else []
            last = (segment.index, relatives[-1]) if relatives else None


def _pairs(segment: Segment, carried: re.Match[str] | None) -> Iterator[tuple[str, str, int, int]]:
    """(relative, condition, start, end) of each telling in the segment."""
    text = segment.text
    relatives = list(_RELATIVE.finditer(text))
    if not relatives and (carried is None or segment.section is not Section.FAMILY):
        return
    yield from _of_columns(segment, relatives)
    yield from _of_bare_sites(segment, relatives)
    for found in _CONDITION.finditer(text):
        relative = _relative_of(segment, found, relatives)
        if relative is None and not relatives and _continues(text, found):
            relative = carried
        if relative is None or _is_denied(text, relative, found, relatives):
            continue
        is_here = relative in relatives
        start = min(found.start(), relative.start()) if is_here else found.start()
        end = max(found.end(), relative.end()) if is_here else found.end()
        yield _named(relative), " ".join(found.group(0).split()), start, end


_CONDITION_COLUMN = re.compile(r"cancer|malignan|tumou?r|condition|diagnos|disease")
_BARE_SITE = lazy(rf"\W*(?P<site>{_SITE})\b(?! (?:biopsy|surgery|mass|polyps?|disease|nodule))(?P<rest>[^.;|]{{0,40}})", re.I)


def _of_columns(segment: Segment, relatives: list[re.Match[str]]) -> Iterator[tuple[str, str, int, int]]:
    """A row "Mother | Ovarian | 52": the column says that it is a cancer."""
    if not segment.cells or not relatives or relatives[0].start() > segment.cells[0].end:
        return
    for cell in segment.cells[1:]:
        if _CONDITION_COLUMN.search(cell.heading):
            found = _BARE_SITE.match(segment.text, cell.start, cell.end)
            if found and not re.search(_CANCER_WORD, segment.text[cell.start : cell.end], re.I):
                yield _named(relatives[0]), f"{found['site'].lower()} cancer", relatives[0].start(), found.end("site")


_ENDS_A_SITE = r"(?=[ ]*(?:$|[;,.(|]|\d|(?:age|at|dx|died|in (?:his|her))\b))"
_ONLY_A_SITE = lazy(rf"[ ]*(?:[-:=(]|[ ]{{2}})[ ]*(?P<site>{_SITE}){_ENDS_A_SITE}", re.I)


def _of_bare_sites(segment: Segment, relatives: list[re.Match[str]]) -> Iterator[tuple[str, str, int, int]]:
    """ "FAMILY HISTORY: father - pancreas; aunt - BRCA2": under this heading an organ behind a relative is a cancer of it."""
    if segment.section is not Section.FAMILY or segment.cells:
        return
    for relative in relatives:
        found = _ONLY_A_SITE.match(segment.text, relative.end())
        if found and found["site"].lower() not in ("heart", "blood", "bone", "spinal"):
            yield _named(relative), f"{found['site'].lower()} cancer", relative.start(), found.end("site")


def _continues(text: str, found: re.Match[str]) -> bool:
    return bool(re.match(r"\W*(?:also|she|he|died of|diagnosed|and)\b", text[: found.start()], re.I))


def _relative_of(segment: Segment, found: re.Match[str], relatives: list[re.Match[str]]) -> re.Match[str] | None:
    text = segment.text
    behind = next((one for one in relatives if one.start() >= found.end() and _BEHIND.match(text[found.end() : one.start()])), None)
    if behind is not None:
        return behind
    if is_of_relative(text, found.end()):  # "breast cancer: mother, at 52"
        return next((one for one in relatives if one.start() >= found.end()), None)
    before = [one for one in relatives if one.end() <= found.start()]
    if not before and len(relatives) == 1 and _is_a_cell_for(segment, found, relatives[0]):
        return relatives[0]  # a table that names the disease first: "Breast cancer | Mother | 62"
    if not before:
        return None
    between = text[before[-1].end() : found.start()]
    if (
        len(between) > 130
        or (re.search(r"[.] [A-Z]", between) and not re.search(r"[.] (?:She|He|Also|Died)\b", between))
        or _PATIENT.search(between)
        or _BY_MARRIAGE.search(between)
    ):
        return None
    is_beside = not between.strip() and found.group("cancer") is not None  # "SISTER BREAST CA 50"
    if segment.section is not Section.FAMILY and not is_beside and (not _HAVING.match(between) or _VISITING.search(between)):
        return None
    return before[-1]


_BY_MARRIAGE = lazy(r"\b(?:wife|husband|spouse|partner|in-laws?)\b", re.I)


def _is_a_cell_for(segment: Segment, found: re.Match[str], relative: re.Match[str]) -> bool:
    """Does a cell of a family table hold the disease, and another one only the relative?"""
    alone = next((one for one in segment.cells if one.start <= relative.start() and relative.end() <= one.end), None)
    is_of_family = segment.section is Section.FAMILY or any("relati" in one.heading for one in segment.cells)
    return (
        is_of_family
        and alone is not None
        and segment.text[alone.start : alone.end].strip() == relative.group().strip()
        and any(one is not alone and one.start <= found.start() and found.end() <= one.end for one in segment.cells)
    )


_VISITING = lazy(
    r"\b(?:we|discuss\w*|met|accompan\w*|with (?:her|him|us|them|me|the patient)|asks?|asked|worried"
    r"|present(?: today)?|at bedside)\b",
    re.I,
)
_HAVING = lazy(
    r"^[^.;]{0,40}?(?:\b(?:had|has|have|having|with|died (?:of|from|at)|dx|diagnosed|carr(?:y|ies|ied)"
    r"|treated for|who|history of|suffered|passed|tested positive|positive for|deceased|also)\b|[:(,-])",
    re.I,
)


def _is_denied(text: str, relative: re.Match[str], found: re.Match[str], relatives: list[re.Match[str]]) -> bool:
    """ "No cancer in her mother", "mother: healthy, no cancer", "BRCA-negative sister"."""
    if relative in relatives and relative.end() <= found.start():
        between = text[relative.end() : found.start()]
        lead = text[max(0, relative.start() - 25) : relative.start()]
        return (
            bool(_NEGATED.search(between))
            or bool(re.search(r"\b(?:no|denies)\b[^.;:]*$", lead, re.I))
            or bool(re.match(r"(?:[^.;]{0,20}\b(?:negative|ruled out|benign)|[^.;,]{0,12}\bneg)\b", text[found.end() :], re.I))
        )
    lead = text[max(0, found.start() - 45) : found.start()]
    return bool(re.search(r"\b(?:no|not|denies|denied|without|negative for)\b[^.;]*$", lead, re.I))


def _named(relative: re.Match[str]) -> str:
    words = [_STEM.get(word, word) for word in relative.group("who").lower().replace("-", " ").split()]
    kept = [word for word in words if word not in ("older", "younger", "elder", "one", "full")]
    name = " ".join(kept)
    parent, _, kin = name.partition("'s ")
    of_parent = _KIN_OF_PARENTS.get((relative.group("next") or kin).lower())
    if of_parent and parent in _SIDES:
        return f"{_SIDES[parent]} {of_parent}"
    return f"{name}'s {relative.group('next').lower()}" if relative.group("next") and relative.group("next").lower() != "side" else name


def _finding(report: Report, segment: Segment, relative: str, condition: str, start: int, end: int) -> Finding:
    return Finding(
        Kind.FAMILY_HISTORY,
        {"relative": relative, "condition": condition},
        (segment.evidence(start, end),),
        Assertion.FAMILY,
        report.header.specimen_date or report.header.date,
        0.92 if segment.section is Section.FAMILY else 0.85,
        f"{Family.name}/{Family.version}",
    )
