"""Codes as words: what a coded element of FHIR or C-CDA is called, by its own text first, then by the few codes that are sure and common."""

from __future__ import annotations

import re

from personalize.vocabulary import load

LOINC = ("http://loinc.org", "2.16.840.1.113883.6.1")
_ICD_10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.3")
_SNOMED = ("http://snomed.info/sct", "2.16.840.1.113883.6.96")

# ICD-10, titles of the categories. The longest start of a code that stands here names it.
_ILLNESSES = {
    "C15": "Malignant neoplasm of esophagus",
    "C16": "Malignant neoplasm of stomach",
    "C17": "Malignant neoplasm of small intestine",
    "C18": "Malignant neoplasm of colon",
    "C19": "Malignant neoplasm of rectosigmoid junction",
    "C20": "Malignant neoplasm of rectum",
    "C21": "Malignant neoplasm of anus and anal canal",
    "C23": "Malignant neoplasm of gallbladder",
    "C24": "Malignant neoplasm of biliary tract",
    "C25": "Malignant neoplasm of pancreas",
    "C34": "Malignant neoplasm of bronchus and lung",
    "C43": "Malignant melanoma of skin",
    "C45": "Mesothelioma",
    "C50": "Malignant neoplasm of breast",
    "C53": "Malignant neoplasm of cervix uteri",
    "C54": "Malignant neoplasm of corpus uteri",
    "C56": "Malignant neoplasm of ovary",
    "C61": "Malignant neoplasm of prostate",
    "C62": "Malignant neoplasm of testis",
    "C64": "Malignant neoplasm of kidney",
    "C67": "Malignant neoplasm of bladder",
    "C71": "Malignant neoplasm of brain",
    "C73": "Malignant neoplasm of thyroid gland",
    "C78.0": "Secondary malignant neoplasm of lung",
    "C78.6": "Secondary malignant neoplasm of peritoneum",
    "C78.7": "Secondary malignant neoplasm of liver",
    "C79.3": "Secondary malignant neoplasm of brain",
    "C79.5": "Secondary malignant neoplasm of bone",
    "C81": "Hodgkin lymphoma",
    "C82": "Follicular lymphoma",
    "C83.1": "Mantle cell lymphoma",
    "C83.3": "Diffuse large B-cell lymphoma",
    "C90.0": "Multiple myeloma",
    "C91.0": "Acute lymphoblastic leukemia",
    "C91.1": "Chronic lymphocytic leukemia",
    "C92.0": "Acute myeloid leukemia",
    "C92.1": "Chronic myeloid leukemia",
}
# Answers of LOINC and SNOMED CT to a test.
_ANSWERS = {
    "LA9633-4": "Present",
    "LA9634-2": "Absent",
    "LA6576-8": "Positive",
    "LA6577-6": "Negative",
    "LA6683-2": "Germline",
    "LA6684-0": "Somatic",
    "LA26333-7": "Uncertain significance",
    "10828004": "Positive",
    "260385009": "Negative",
    "52101004": "Present",
    "2667000": "Absent",
    "260373001": "Detected",
    "260415000": "Not detected",
}
# Read with the module: who opens a stranger's file may read no other files any more.
_LABS: dict[str, str] = {one["loinc"]: one["name"] for one in load("labs")["lab"] if one.get("loinc")}
FLAGS = {"POS": "Positive", "NEG": "Negative", "IND": "Indeterminate", "DET": "Detected", "ND": "Not detected"}
_SPREAD = re.compile(
    r"(?:secondary (?:malignant neoplasm|malignancy|cancer)|metastatic (?:malignant neoplasm|cancer|disease)|metastas[ei]s) "
    r"(?:of|to|in) (?:the )?(?P<site>.+)",
    re.IGNORECASE,
)


def words_of(system: str, code: str) -> str:
    """What a code without words is called; empty where we are not sure of it."""
    if system in _ICD_10:
        plain = code.replace(".", "").upper()
        known = (one for one in sorted(_ILLNESSES, key=len, reverse=True) if plain.startswith(one.replace(".", "")))
        return next((_ILLNESSES[one] for one in known), "")
    if system in LOINC:
        return _ANSWERS.get(code, "") or lab_of(code)
    return _ANSWERS.get(code, "") if system in _SNOMED else ""


def lab_of(code: str) -> str:
    """The laboratory test with this LOINC number, by the name that reports use."""
    return _LABS.get(code, "")


def spread_to(name: str) -> str:
    """Where a cancer has spread to, if the illness is called after that: "Secondary malignant neoplasm of liver" → "liver"."""
    found = _SPREAD.match(name.strip())
    return found["site"] if found else ""
