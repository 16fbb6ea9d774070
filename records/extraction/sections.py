"""Which part of a report a line stands in. A section changes what its words mean: a relative's, planned, or nobody's at all."""

# ruff: noqa: E501 — a table of titles, one kind of section a row

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from records.extraction.patterns import lazy


class Section(StrEnum):
    """The kinds of section; UNKNOWN before the first heading."""

    UNKNOWN = "unknown"
    DIAGNOSIS = "diagnosis"
    SYNOPTIC = "synoptic"
    MICROSCOPIC = "microscopic"
    GROSS = "gross"
    INTRAOPERATIVE = "intraoperative"
    COMMENT = "comment"
    ADDENDUM = "addendum"
    IMMUNOHISTOCHEMISTRY = "immunohistochemistry"
    MOLECULAR = "molecular"
    SPECIMEN = "specimen"
    HISTORY = "history"
    PAST_MEDICAL = "past_medical"
    FAMILY = "family"
    SOCIAL = "social"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    EXAM = "exam"
    LABS = "labs"
    IMAGING = "imaging"
    IMPRESSION = "impression"
    PLAN = "plan"
    TREATMENT = "treatment"
    TECHNIQUE = "technique"
    LITERATURE = "literature"
    GENE_LIST = "gene_list"
    OTHER = "other"

    @property
    def is_about_nobody(self) -> bool:
        """Text about the test, the gene or the world: never a finding."""
        return self in (Section.TECHNIQUE, Section.LITERATURE, Section.GENE_LIST)


@dataclass(frozen=True, slots=True)
class Heading:
    """[start, end) of a heading in its page, its colon included."""

    start: int
    end: int
    section: Section
    title: str


_TITLES: dict[Section, str] = {
    Section.DIAGNOSIS: """diagnosis; diagnoses; final diagnosis; final diagnoses; final pathologic diagnosis; final pathological diagnosis; pathologic diagnosis;
        pathological diagnosis; pathology diagnosis; histologic diagnosis; histopathologic diagnosis; histopathological diagnosis; anatomic diagnosis;
        surgical pathology diagnosis; final anatomic diagnosis; cytologic diagnosis; cytology diagnosis; diagnostic summary; diagnosis summary; primary diagnosis;
        revised diagnosis; amended diagnosis; corrected diagnosis; oncologic diagnosis; cancer diagnosis; oncology diagnosis; interpretation and diagnosis;
        pathologist's diagnosis; tissue diagnosis; final report; pathological report; path diagnosis; diagnosis(es); microscopic diagnosis""",
    Section.SYNOPTIC: """synoptic report; synoptic; synoptic diagnosis; synoptic summary; cancer synopsis; tumor synopsis; cap synoptic report; cancer summary; tumor summary;
        cancer case summary; case summary; pathologic staging; pathological staging; staging; tnm staging; staging summary; cancer staging summary; pathologic stage classification;
        synoptic worksheet; cap checklist; checklist; synoptic data; pathology report checklist; tumor synoptic; staging information; ajcc staging""",
    Section.MICROSCOPIC: (
        "microscopic; microscopic description; microscopic examination; microscopy; histology; histological description; "
        "microscopic findings; microscopic evaluation"
    ),
    Section.GROSS: """gross; gross description; gross examination; macroscopic description; macroscopy; macroscopic; gross findings; gross pathology; macroscopic examination;
        gross/microscopic description; summary of sections; section code; block summary; cassette summary; summary of cassettes; blocks; tissue blocks; block key; section key""",
    Section.INTRAOPERATIVE: """intraoperative consultation; intraoperative diagnosis; frozen section diagnosis; frozen section; frozen section(s); intra operative consultation;
        intraoperative consult diagnosis; intra-operative consultation; frozen section report; frozen/intraoperative diagnosis; intraoperative frozen section diagnosis; rapid diagnosis""",
    Section.COMMENT: (
        "comment; comments; diagnosis comment; diagnosis comments; diagnostic comment; note; notes; case comment; "
        "pathologist comment; comment(s)"
    ),
    Section.ADDENDUM: """addendum; addendum report; addendum diagnosis; addenda; addendum comment; addendum report 1; supplemental report; supplementary report; amendment;
        procedures/addenda; additional report; addendum discussion; addendum findings; addendum to report""",
    Section.IMMUNOHISTOCHEMISTRY: """immunohistochemistry; immunohistochemical stains; immunohistochemical studies; immunostains; immunoperoxidase studies; ihc; ihc results;
        immunohistochemistry results; special stains; special studies; biomarkers; breast biomarkers; biomarker results; biomarker report; prognostic markers; receptor studies;
        hormone receptors; immunohistochemical findings; immunohistochemical results; immunohistochemical analysis; immunophenotype; flow cytometry; receptor status;
        hormone receptor status; breast prognostic profile; prognostic profile; immunohistochemical stain results; results of immunohistochemistry; ihc panel; stains""",
    Section.MOLECULAR: """molecular; molecular studies; molecular results; molecular findings; molecular testing; molecular pathology; genomic findings; genomic results;
        molecular diagnostics; genetic testing; genomic testing; genomic alterations; variants detected; reportable variants; biomarker findings; results; result;
        test results; results summary; summary of results; genomic variants; alterations; germline results; somatic results; sequencing results; molecular alterations;
        mutations; variants; variants of unknown significance; variants of uncertain significance; molecular profile; molecular profiling; molecular/genetics;
        germline testing; genetic results; key findings; genomic profile; molecular test results; fish results; cytogenetics; pertinent negatives; pertinent results""",
    Section.SPECIMEN: """specimen; specimens; specimen(s) submitted; specimens submitted; specimen submitted; specimen(s) received; specimens received; specimen received; specimen source;
        tissues submitted; material submitted; source of specimen; specimen(s); tissue submitted; part(s) received; procedure; procedures; operation; operative procedure;
        nature of specimen; specimen description; specimen type; source; operation performed; surgical procedure; parts received; type of specimen""",
    Section.HISTORY: """history; clinical history; clinical information; clinical data; clinical diagnosis; preoperative diagnosis; pre-operative diagnosis; postoperative diagnosis;
        post-operative diagnosis; preop diagnosis; pre-op diagnosis; post-op diagnosis; clinical impression; history of present illness; hpi; present illness; interval history; oncologic history;
        oncology history; cancer history; onc history; onc hx; oncologic hx; oncology hx; cancer hx; heme hx; clinical indication; indication; indications; reason for visit; chief complaint; cc; reason for consultation; clinical notes; clinical details;
        clinical diagnosis and history; pertinent history; subjective; brief history; relevant history; clinical summary; clinical history and diagnosis; interval events; summary;
        oncological history; reason for referral; reason for exam; indication for study; hospital course; clinical question; clinical history/diagnosis; pre/post-operative diagnosis;
        clinical diagnosis & history; preoperative diagnosis/clinical history; history of presenting illness; case history; clinical background; background; disease course;
        problem list; active problem list; problems; active problems; current problems; secondary diagnoses; other diagnoses""",
    Section.PAST_MEDICAL: """past medical history; pmh; pmhx; past history; medical history; past surgical history; psh; surgical history; comorbidities; past medical and surgical history;
        past medical/surgical history; past oncologic history; other medical problems; prior medical history; other medical history; prior illnesses; previous illnesses;
        comorbid conditions; past cancer history; previous medical history""",
    Section.FAMILY: (
        "family history; fh; fhx; family medical history; family cancer history; family oncologic history; family hx; "
        "family hx of cancer; family history of cancer; pedigree"
    ),
    Section.SOCIAL: "social history; sh; shx; habits; social hx; personal and social history; lifestyle",
    Section.MEDICATIONS: """medications; current medications; home medications; meds; medication list; medication; outpatient medications; discharge medications; current meds;
        current outpatient medications; active medications; regular medications; medications on admission; concomitant medications; drug history""",
    Section.ALLERGIES: (
        "allergies; allergy; allergies and intolerances; drug allergies; allergies/intolerances; medication allergies; "
        "adverse reactions; intolerances; allergies and adverse reactions"
    ),
    Section.EXAM: """physical exam; physical examination; exam; examination; objective; vital signs; vitals; review of systems; ros; pe; performance status; on examination; general;
        clinical examination; o/e; physical findings""",
    Section.LABS: """labs; laboratory; laboratory data; laboratory results; lab results; laboratory values; lab data; laboratory studies; laboratory tests; tumor markers; tumour markers;
        blood work; bloods; blood tests; hematology; haematology; chemistry; recent labs; relevant labs; laboratory findings; complete blood count; cbc; laboratory report; liver function tests;
        coagulation; investigations; clinical chemistry; serum tumor markers; comprehensive metabolic panel; serology""",
    Section.IMAGING: """imaging; radiology; imaging studies; radiographic studies; radiology results; ct scan; findings; imaging findings; radiologic findings; ct chest abdomen pelvis; mri; pet/ct;
        imaging results; diagnostic imaging; radiology review; chest; abdomen; pelvis; lungs; liver; pancreas; bones; comparison""",
    Section.IMPRESSION: """impression; assessment; assessment and plan; assessment & plan; a/p; a&p; assessment/plan; impression and plan; conclusion; conclusions; overall impression;
        opinion; impression/plan; summary and impression; interpretation; final interpretation; discussion; ct impression; mdt outcome; mdt discussion; case discussion; tumor board; summary assessment""",
    Section.PLAN: """plan; recommendations; recommendation; treatment plan; plan of care; next steps; follow-up; follow up; follow-up plan; proposed treatment; management plan; planned treatment;
        disposition; recommendations and plan; plan/recommendations; treatment recommendation; treatment recommendations; future plans; goals of care; tests ordered; orders""",
    Section.TREATMENT: """treatment; treatment history; prior treatment; prior treatments; previous treatment; prior therapy; prior therapies; treatments; therapy; treatment summary;
        chemotherapy; chemotherapy history; systemic therapy; oncologic treatment history; cancer treatment history; treatment to date; therapy to date; radiation therapy; surgery;
        lines of therapy; treatment course; rx hx; rx history; tx hx; tx history; treatment hx; therapy history; prior rx; prior tx; prior lines; prior lines of therapy; prior systemic therapy; therapy so far; treatment so far; current tx; current rx; treatment received; current treatment; current therapy; oncology treatment history""",
    Section.TECHNIQUE: """technique; method; methods; methodology; test description; assay description; test methodology; assay methodology; limitations; test limitations; disclaimer;
        disclaimers; about the test; about this test; testing methods; background and methodology; test information; assay information; analytical methods; method and limitations;
        methods and limitations; scoring criteria; scoring system; interpretation guide; interpretation key; reference ranges; test details; performance characteristics; electronic signature;
        procedures performed; about the assay; scoring guideline; scoring guidelines; interpretation criteria; scoring key; grading key; legend; key; intended use; test performed; quality assurance;
        methodology and limitations; regulatory information; definition; definitions; abbreviations; glossary""",
    Section.LITERATURE: """references; reference; literature; bibliography; literature references; selected references; clinical trials; clinical trial options; available clinical trials;
        therapies with clinical benefit; fda-approved therapies; fda approved therapies; approved therapies; potential clinical trials; therapeutic implications; clinical significance;
        gene information; gene summary; prognostic significance; therapy information; citations; biological significance; clinical relevance; general information; background information;
        matched therapies; potential therapies; targeted therapies; treatment implications; about the gene; about the biomarker; patient education; patient information;
        clinical trials to consider; what this means; associated therapies; therapies associated with resistance; relevant therapies; guideline; guidelines; educational material""",
    Section.GENE_LIST: """genes assayed; genes tested; genes analyzed; genes analysed; gene list; genes covered; panel genes; genes on panel; genes in panel; list of genes; genes sequenced; genes evaluated;
        genes included; genes interrogated; gene panel; antibodies; antibodies used; panel content; genes targeted; gene content; genes with full coverage; dna gene list; rna gene list; target genes;
        genes assayed for the detection of dna sequence variants; genes included in this panel; genes tested with this panel; gene coverage""",
    Section.OTHER: """signature; signed; distribution; attestation; attending; patient; demographics; date; billing codes; cpt codes; icd codes; copies to; cc list; electronically signed by; t; p; s; m;
        sincerely; best regards; kind regards""",
}
_KNOWN = {" ".join(title.split()): section for section, titles in _TITLES.items() for title in titles.split(";")}
_KNOWN = {title.strip(): section for title, section in _KNOWN.items()}
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
        Heading(found.start("title"), found.end("title"), Section.MOLECULAR, " ".join(found["title"].lower().split()))
        for found in _OF_A_CLASS.finditer(page)
        if found["title"][0].isupper() or found["title"][0].isdigit()
    ]
    classes += [
        Heading(found.start("title"), found.end("title"), Section.LITERATURE, " ".join(found["title"].lower().split()))
        for found in _LEAFLET.finditer(page)
        if found["title"][0].isupper()
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
        if words in _KNOWN:
            return _KNOWN[words]
    for prefix in ("patient ", "personal ", "current ", "relevant ", "pertinent ", "updated ", "other "):
        if title.startswith(prefix) and title.removeprefix(prefix) in _KNOWN:
            return _KNOWN[title.removeprefix(prefix)]
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
