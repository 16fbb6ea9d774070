from __future__ import annotations

from collections import Counter

from personalize.vocabulary import load
from records.extraction.comorbidities import groups
from records.extraction.treatments_names import MODIFIERS
from tests.records.extraction.said import treatments


def _words(entry: dict) -> list[str]:
    return [word.strip().lower() for key in ("words", "abbreviations") for word in entry.get(key, "").split(";") if word.strip()]


def test_every_drug_of_a_regimen_is_a_drug() -> None:
    known = {entry["name"] for entry in load("drugs")["drug"]}
    assert {drug for entry in load("regimens")["regimen"] for drug in entry["drugs"]} <= known


def test_every_name_is_used_once() -> None:
    names = [
        entry["name"].lower()
        for file, key in (("drugs", "drug"), ("regimens", "regimen"), ("procedures", "procedure"))
        for entry in load(file)[key]
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_no_word_stands_for_two_drugs() -> None:
    words = [word for entry in load("drugs")["drug"] for word in {entry["name"].lower(), *_words(entry)}]
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_drug_has_a_class_and_every_procedure_a_known_kind() -> None:
    assert all(entry["classes"] for entry in load("drugs")["drug"])
    assert {entry["kind"] for entry in load("procedures")["procedure"]} <= {"systemic", "surgery", "radiation", "cell_therapy", "other"}
    assert set(groups().values()) <= {
        "autoimmune",
        "infection",
        "transplant",
        "heart",
        "lung",
        "kidney",
        "liver",
        "diabetes",
        "blood",
        "nerve",
        "other",
    }


def test_every_anticancer_drug_is_found_by_each_of_its_names() -> None:
    missed = []
    for entry in load("drugs")["drug"]:
        if entry.get("supportive") or entry["name"] in MODIFIERS:
            continue
        for word in (entry["name"], *(one.strip() for one in entry["words"].split(";") if one.strip())):
            found = treatments(f"She received {word} for metastatic cancer.")
            if not any(entry["name"] in one["drugs"] for one in found.values()):
                missed.append(word)
    assert missed == []


def test_every_regimen_is_found_by_each_of_its_names() -> None:
    missed = []
    for entry in load("regimens")["regimen"]:
        for word in (
            one.strip() for one in (entry["name"] + ";" + entry["words"] + ";" + entry.get("abbreviations", "")).split(";") if one.strip()
        ):
            found = treatments(f"She received 4 cycles of {word} chemotherapy for metastatic cancer.")
            if not any(set(entry["drugs"]) <= set(one["drugs"]) for one in found.values()):
                missed.append(word)
    assert missed == []
