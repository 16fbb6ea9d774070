"""The kinds of section of a report, and the titles that open them: a table, one kind of section a row."""

# ruff: noqa: E501

from __future__ import annotations

from enum import StrEnum


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
        coagulation; investigations; clinical chemistry; discharge labs; admission labs; labs today; labs on discharge; pertinent labs; lab; serum tumor markers; comprehensive metabolic panel; serology""",
    Section.IMAGING: """imaging; radiology; imaging studies; radiographic studies; radiology results; ct scan; findings; imaging findings; radiologic findings; ct chest abdomen pelvis; mri; pet/ct;
        imaging results; diagnostic imaging; ct cap; ct c/a/p; ct a/p; ct abdomen/pelvis; ct chest/abdomen/pelvis; mri brain; pet scan; egd; egd/colonoscopy; colonoscopy; bone scan; radiology review; chest; abdomen; pelvis; lungs; liver; pancreas; bones; comparison""",
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
KNOWN = {" ".join(title.split()): section for section, titles in _TITLES.items() for title in titles.split(";")}
KNOWN = {title.strip(): section for title, section in KNOWN.items()}
