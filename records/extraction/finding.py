"""What the machine found: immutable values with the words that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Assertion(StrEnum):
    """How the record speaks of it. Only PRESENT and ABSENT are results; each of the others is itself, never a yes or a no."""

    PRESENT = "present"
    ABSENT = "absent"
    POSSIBLE = "possible"
    HISTORICAL = "historical"
    PLANNED = "planned"
    FAMILY = "family"
    NOT_TESTED = "not_tested"
    PENDING = "pending"


class Kind(StrEnum):
    """What a finding is about. The keys of `value` by kind (absent key = not said):

    diagnosis       name site code histology grade status(confirmed|suspected|ruled_out) behaviour(primary|second_primary|
                    recurrence|unknown) historical(bool)      code: OncoTree, or None
    grade           grade(G1..G4) tumour
    tnm             t n m (each or some, as written: "T3" "N1a" "M0" "TX") prefix(c p y yc yp r a) edition tumour repaired(bool)
                    derived(bool: worked out by us); then maybe written("T1") and because("0.8 cm"): what stood there without its letter
    stage_group     group(0 I IA .. IV IVB ..) system(AJCC|FIGO|Ann Arbor|Lugano|ISS|R-ISS|Rai|Binet) edition prefix tumour derived(bool)
    extent          extent(resectable|borderline|locally_advanced|metastatic|resected)
    nodes           positive examined
    metastasis      site
    biomarker       name(HGNC symbol or marker) status(positive|negative|equivocal|vus|pending|not_tested|not_resulted|
                    quantity_not_sufficient|reported) detail origin(germline|somatic|unknown) method(NGS|IHC|FISH|PCR|flow|...)
                    specimen(tissue|blood|...) vaf cdna score(number) unit
    treatment       kind(systemic|surgery|radiation|cell_therapy|other) name drugs[] line start stop status(given|ongoing|planned|
                    declined|considered|allergy) response(CR|PR|SD|PD) stop_reason(progression|toxicity|completed) cycles intent
    performance     scale(ECOG|Karnofsky) value
    lab             name loinc value comparator unit low high flag is_doubtful(bool: misread, a person must see it)
                    value: number in `unit`; European decimals resolved
    sex             sex(female|male)
    age             age
    birth_date      date
    family_history  relative condition
    hla             allele("A*02:01") | loss(bool)
    comorbidity     name
    allergy         name
    medication      name
    situation       country far(yes|no: lives far from a center) caregiver(yes|no: somebody can stay)    told by the person only
    """

    DIAGNOSIS = "diagnosis"
    GRADE = "grade"
    TNM = "tnm"
    STAGE_GROUP = "stage_group"
    EXTENT = "extent"
    NODES = "nodes"
    METASTASIS = "metastasis"
    BIOMARKER = "biomarker"
    TREATMENT = "treatment"
    PERFORMANCE = "performance"
    LAB = "lab"
    SEX = "sex"
    AGE = "age"
    BIRTH_DATE = "birth_date"
    FAMILY_HISTORY = "family_history"
    HLA = "hla"
    COMORBIDITY = "comorbidity"
    ALLERGY = "allergy"
    MEDICATION = "medication"
    SITUATION = "situation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """[start, end) in the text of a page (numbered from 1); quote is exactly that text."""

    page_number: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a document says.

    value: the keys that Kind lists for this kind, JSON types only. date: ISO, shortened to month or year where the record gives
    no more ("2024-05"); the day the thing was true, not the day it was written where both are known. confidence: 0–1.
    extractor: name and version of the rule set, "biomarkers/4".
    """

    kind: Kind
    value: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    assertion: Assertion
    date: str | None
    confidence: float
    extractor: str
