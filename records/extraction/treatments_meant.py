"""Which of the names in a record mean a treatment of this patient's cancer: not a laboratory's table, not support, not another disease's."""

from __future__ import annotations

import re
from dataclasses import replace

from records.extraction.finding import Assertion
from records.extraction.header import ReportType
from records.extraction.mentions import mentions, mentions_by_segment
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment
from records.extraction.treatments_names import MODIFIERS, Named, Therapy, names_in
from records.extraction.tumours import tumours

_OTHER_DISEASE = lazy(
    r"\b(?:arthritis|psorias\w*|psoriatic|lupus|crohn\w*|colitis|sclerosis|sarcoid\w*|vasculitis|myasthenia"
    r"|uveitis|asthma|copd|eczema|ectopic|abortion|gout|polymyalgia|arteritis|nephritis|spondylitis|dermatitis"
    r"|transplant rejection|itp|macular degeneration|pancreatitis|pneumonia|pneumonitis|graft-versus-host"
    r"|graft versus host|gvhd)\b",
    re.I,
)
_CANCER = lazy(
    r"\b(?:cancer|carcinoma|adenocarcinoma|lymphoma|myeloma|leukemia|sarcoma|melanoma|tumou?r|metasta\w+|pdac"
    r"|malignan\w+|net)\b",
    re.I,
)
_NO_TREATMENT = lazy(
    r"radiation (?:oncolog\w+|safety|dose|exposure|physic\w+|planning)|chemo[ -]?port|port-a-cath"
    r"|surgery (?:clinic|department|center|service|consult\w*|note|date)|(?:oncology|general|breast|date of"
    r"|orthopedic|plastic|cosmetic|cataract|bariatric|back|knee|hip|heart|cardiac|hernia|spine) surgery"
    r"|treatment planning|chemotherapy (?:teaching|education|consent|nurse)|surgery:|transplant (?:clinic"
    r"|surgeon)|(?:resection|excision|resected) (?:margins?|specimens?|bed|site|lines?|status)|cooperation"
    r"|(?:CAR[ -]?T(?:[ -]cells?)?|cell(?:ular)? therapy|(?:stem cell |marrow )?transplant\w*) (?:therapy )?(?:checklist|evaluation|consult\w*"
    r"|referral|clinic|work-?up|screening|education|candida\w+|eligib\w+|coordinator|program\w*|team|center|centre|intake|assessment"
    r"|discussion|visit|service|unit)|pre-?(?:CAR[ -]?T|transplant)\b"
    r"|transurethral resection of (?:the )?prostate",
    re.I,
)
_AIP = lazy(r"autoimmune pancreatitis|\bAIP\b|IgG4[- ]related|immunoglobulin G4|IgG4", re.I)
_SUBJECT = lazy(r"\b(?:the patient|patient was|pt|he|she|his|her|man|woman|male|female|gentleman|lady|boy|girl|who)\b", re.I)
_HAPPENED = lazy(
    r"\b(?:was|were|had|underwent|received|treated|started|progressed|completed|developed|responsive|responded"
    r"|given|experienced|achieved)\b",
    re.I,
)
_ALSO_FOR_OTHERS = frozenset(
    (
        "octreotide",
        "lanreotide",
        "methotrexate",
        "rituximab",
        "cyclophosphamide",
        "tamoxifen",
        "hydroxyurea",
        "interferon alfa",
        "leuprolide",
        "sirolimus",
        "mercaptopurine",
        "cladribine",
        "bleomycin",
        "tretinoin",
        "thalidomide",
        "letrozole",
        "mitomycin",
        "BCG",
        "fluorouracil",
        "alemtuzumab",
        "ruxolitinib",
        "bevacizumab",
        "megestrol",
        "triptorelin",
        "goserelin",
        "pasireotide",
        "eltrombopag",
    )
)
_BILIARY = lazy(r"bil(?:iary|e)|\bCBD\b|ERCP|jaundice|PTBD|hepatic|choledoch|duct|pancrea", re.I)
_OF_TUMOUR = lazy(r"\b(?:curative\w*|R[012]\b|primary|mass|lesions?|nodules?|metasta\w+|neoplas\w+|GIST|liposarcoma|\w+oma)\b", re.I)
_THAT_IS = lazy(
    r"^[ ]?(?:regimens?|therap(?:y|ies)|treatments?|protocols?)?[ ,]?(?:with|using|of|consisting of|comprising"
    r"|comprised of|including|containing|based on|was administered|[(:–-])?[ ]?(?:an? "
    r"|the )?(?:combination(?: of)? |combined |weekly |oral |intravenous |modified |single-agent )*[(]?$",
    re.I,
)


def may_tell(segment: Segment) -> bool:
    return not segment.section.is_about_nobody and segment.section is not Section.FAMILY and not segment.is_boilerplate


def is_of_a_laboratory(report: Report) -> bool:
    """A molecular report proper: with a header, or with the parts that only laboratories print. A story about genes is none."""
    header = report.header
    has_parts = any(one.section.is_about_nobody for one in report.segments)
    return header.type is ReportType.MOLECULAR and (has_parts or bool(header.date or header.patient_name))


def is_narrative(segment: Segment) -> bool:
    """A molecular report's drugs are what might be given to anybody; only its history, or a story of this patient, counts."""
    if segment.section in (Section.HISTORY, Section.TREATMENT, Section.PAST_MEDICAL):
        return True
    return bool(
        _SUBJECT.search(segment.text)
        and _HAPPENED.search(segment.text)
        and not re.search(r"\bpatients\b|\btrials?\b|approved|clinical benefit", segment.text, re.I)
    )


def is_treatment(report: Report, one: Named) -> bool:
    therapy, segment = one.therapy, one.segment
    around = segment.text[max(0, one.start - 12) : one.end + 22]
    if _NO_TREATMENT.search(around):
        return False
    if therapy.is_steroid:
        return report.once(_is_about_autoimmune_pancreatitis)
    if therapy.is_supportive or (bool(therapy.drugs) and set(therapy.drugs) <= MODIFIERS):
        return False
    if therapy.name == "biliary stent" and not _BILIARY.search(segment.text[max(0, one.start - 90) : one.end + 60]):
        return False
    if _may_be_for_others(therapy) and not report.once(_is_about_cancer):
        return False
    if therapy.is_general and therapy.kind == "surgery" and not _is_of_the_tumour(report, one):
        return False
    if not therapy.is_cancer_operation and not _CANCER.search(segment.text) and segment.section is not Section.TREATMENT:
        return _is_on_its_organ(report, one) or (
            report.header.type is not ReportType.PATHOLOGY
            and bool(re.search(r"(?:with|and|plus|,) (?:\w+[ -]){0,4}$", segment.lower[: one.start]))
            and _is_beside_operation(report, one)
        )
    return not _is_for_other_disease(one)


def _may_be_for_others(therapy: Therapy) -> bool:
    """Drugs and operations that other diseases share: without a cancer in the document they say nothing."""
    if therapy.kind == "surgery":
        return "pancrea" not in therapy.name
    return not therapy.is_regimen and bool(set(therapy.drugs) & _ALSO_FOR_OTHERS)


def _is_about_cancer(report: Report) -> bool:
    if _CANCER.search(report.text) or any(one.is_confirmed for one in mentions(report)):
        return True
    return any(
        not one.therapy.is_supportive and not _may_be_for_others(one.therapy) for row in report.once(names_in).values() for one in row
    )


def _is_of_the_tumour(report: Report, one: Named) -> bool:
    """ "Surgery" counts where its sentence, or the one before, speaks of the tumour: cataracts and polyps are operated on, too."""
    near = " ".join(segment.text for segment in (*report.before(one.segment, 1), one.segment))
    own = one.segment.text[max(0, one.start - 60) : one.end + 60]
    is_other = re.search(
        r"cataract|polyp|hernia|\bknee|\bhip\b|spine|\bback\b|thyroid nodule|cosmetic|bariatric|transsphenoidal"
        r"|valve|bypass|eye|dental|gallstone",
        own,
        re.I,
    )
    return bool(_CANCER.search(near) or _OF_TUMOUR.search(near)) and not is_other


def _is_about_autoimmune_pancreatitis(report: Report) -> bool:
    """Steroids treat the disease of this record only where the record is about autoimmune disease of the pancreas."""
    named = len(_AIP.findall(report.text))
    return named > 1 or (named == 1 and bool(re.search(r"\b(?:pancreatitis|AIP)\b", report.text)))


def _is_beside_operation(report: Report, one: Named) -> bool:
    row = report.once(names_in).get(one.segment.index, [])
    return any(
        other.therapy.kind == "surgery"
        and other.therapy.is_cancer_operation
        and not other.therapy.is_general
        and abs(other.end - one.start) < 60
        for other in row
        if other is not one
    )


_OTHER_REASON = lazy(
    r"\b(?:for|due to|because of|secondary to|with|:)[^.;,]{0,30}?\b(?:goit\w+|graves\w*|nodul\w+|adenomas?|benign|fibroids?|leiomyom\w+|bleeding"
    r"|menorrhagia|prolapse|endometriosis|cysts?|torsion|stones?|gallstones?|cholecystitis|cholelithiasis|cirrhosis|hepatitis|biliary colic)\b",
    re.I,
)


def _is_on_its_organ(report: Report, one: Named) -> bool:
    """ "Total thyroidectomy" in a record of a thyroid cancer; not the one "for goiter in 1999"."""
    is_own = bool(set(one.therapy.organs) & set(tumours(report).organs))
    return is_own and not _OTHER_REASON.search(one.segment.text[one.end : one.end + 60])


def _is_for_other_disease(one: Named) -> bool:
    """ "Psoriatic arthritis, treated with methotrexate": another disease stands nearer before the name than any cancer does."""
    if one.therapy.kind != "systemic" or one.therapy.is_regimen or one.therapy.is_general:
        return False
    before = one.segment.text[max(0, one.start - 110) : one.start]
    after = one.segment.text[one.end : one.end + 60]
    behind = re.match(r"[^.;]{0,25}\bfor (?:\w+ ){0,3}?", after)
    if behind and _OTHER_DISEASE.match(after[behind.end() :]):
        return True
    diseases = list(_OTHER_DISEASE.finditer(before))
    if not diseases or re.search(r"induced|related|associated", before[diseases[-1].start() - 12 : diseases[-1].start()] + after[:12]):
        return False
    return not _CANCER.search(before, diseases[-1].end()) and bool(
        re.search(r"\b(?:treated|treatment|on|with|for|managed|received|taking)\b", before[diseases[-1].end() :])
    )


def is_of_another_cancer(report: Report, one: Named) -> bool:
    """Its sentence names only cancers that are not the one this document is about ("seminoma 1998, orchiectomy")."""
    main = tumours(report).organs[:1]
    beside = mentions_by_segment(report).get(one.segment.index, [])
    named = {other.organ for other in beside if other.organ and other.context.assertion is not Assertion.FAMILY}
    is_past = one.segment.section is Section.PAST_MEDICAL or any(other.context.assertion is Assertion.HISTORICAL for other in beside)
    return bool(main and named and main[0] not in named and is_past)


def without_appositions(row: list[Named]) -> list[Named]:
    """ "Adjuvant chemotherapy with S-1", "nivolumab immunotherapy": the general word belongs to the drug beside it and widens its span."""
    made: list[Named] = []
    for one in row:
        before = made[-1] if made else None
        if (
            before is not None
            and before.therapy.kind == one.therapy.kind == "systemic"
            and before.therapy.is_general != one.therapy.is_general
        ):
            between = one.segment.text[before.end : one.start]
            exact = one if before.therapy.is_general else before
            is_one = bool(exact.therapy.drugs) and (_THAT_IS.match(between) if before.therapy.is_general else not between.strip())
            if is_one and not exact.therapy.is_supportive:
                made[-1] = replace(before, end=one.end, therapy=exact.therapy)
                continue
        if before is not None and one.start - before.end < 60 and _prepares(before, one):
            made[-1] = one
            continue
        if before is not None and one.start - before.end < 45 and "transplant" in before.therapy.name and one.therapy.name in _CONDITIONING:
            continue
        made.append(one)
    return made


def _prepares(before: Named, one: Named) -> bool:
    """Conditioning before a transplant, lymphodepletion before cells: part of that treatment."""
    if before.therapy.name == "Fludarabine + cyclophosphamide":
        return one.therapy.kind == "cell_therapy"
    return before.therapy.name in _CONDITIONING and "transplant" in one.therapy.name


_CONDITIONING = frozenset(("melphalan", "BEAM", "busulfan", "carmustine", "thiotepa", "treosulfan", "Fludarabine + cyclophosphamide"))
