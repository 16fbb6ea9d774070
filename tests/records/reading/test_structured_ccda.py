"""C-CDA whose facts stand in coded entries: read where the text of the section does not say them, each for what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from records import reading
from tests.records.reading.test_structured import facts, named, names, text_of

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<title>Summary of care</title><effectiveTime value="20260501"/>'
    '<recordTarget><patientRole><patient><name><given>Rosa</given><family>Example</family></name><birthTime value="19610517"/>'
    '<administrativeGenderCode code="F"/></patient></patientRole></recordTarget><component><structuredBody>'
)
TAIL = "</structuredBody></component></ClinicalDocument>"
PROBLEMS, RESULTS, MEDICINES, PROCEDURES, ALLERGIES, FAMILY = "11450-4", "30954-2", "10160-0", "47519-4", "48765-2", "10157-6"


def ccda(**sections: str) -> bytes:
    return f"{HEAD}{''.join(sections.values())}{TAIL}".encode()


def section(number: str, *entries: str, text: str = "") -> str:
    inside = "".join(f"<entry>{one}</entry>" for one in entries)
    return f'<component><section><code code="{number}"/><text>{text}</text>{inside}</section></component>'


def problem(name: str, *, status: str = "Active", denied: bool = False, onset: str = "20260314", act: str = "active") -> str:
    said = f'<entryRelationship><observation><code code="33999-4"/><value xsi:type="CD" displayName="{status}"/></observation></entryRelationship>'
    return (
        f'<act classCode="ACT" moodCode="EVN"><code code="CONC"/><statusCode code="{act}"/><entryRelationship typeCode="SUBJ">'
        f'<observation negationInd="{str(denied).lower()}"><code displayName="Problem"/><statusCode code="completed"/>'
        f'<effectiveTime><low value="{onset}"/></effectiveTime><value xsi:type="CD" displayName="{name}"/>{said}</observation>'
        "</entryRelationship></act>"
    )


def result(name: str, value: str, *, status: str = "completed", more: str = "") -> str:
    return (
        '<organizer classCode="BATTERY" moodCode="EVN"><component><observation classCode="OBS" moodCode="EVN">'
        f'<code displayName="{name}"/><statusCode code="{status}"/><effectiveTime value="20260401"/>{value}{more}</observation></component></organizer>'
    )


def medicine(name: str, *, mood: str = "EVN", status: str = "active", denied: bool = False, times: str = '<low value="20260318"/>') -> str:
    return (
        f'<substanceAdministration moodCode="{mood}" negationInd="{str(denied).lower()}"><statusCode code="{status}"/><effectiveTime>{times}</effectiveTime>'
        f"<consumable><manufacturedProduct><manufacturedMaterial><code><originalText>{name}</originalText></code></manufacturedMaterial>"
        "</manufacturedProduct></consumable></substanceAdministration>"
    )


CANCER = section(PROBLEMS, problem("Pancreatic ductal adenocarcinoma"))


def test_coded_problems_are_read_where_there_is_no_text(tmp_path: Path) -> None:
    found = facts(
        ccda(
            a=section(
                PROBLEMS,
                problem("Pancreatic ductal adenocarcinoma"),
                problem("Secondary malignant neoplasm of liver"),
                problem("Melanoma", status="Resolved", onset="2010"),
                problem("Lymphoma", denied=True),
                problem("Breast cancer", act="nullified"),
            )
        ),
        tmp_path,
    )
    assert (found["primary_cancer"]["code"], found["primary_cancer"]["date"]) == ("PAAD", "2026-03-14")
    assert [(one["name"], one["historical"]) for one in found["other_cancers"]] == [("Melanoma", True)]
    assert [one["value"] for one in found["metastatic_sites"]] == ["liver"]


def test_what_the_text_says_is_not_said_twice_and_what_it_leaves_out_is(tmp_path: Path) -> None:
    text = "<paragraph>Pancreatic ductal adenocarcinoma since 03/14/2026</paragraph>"
    entries = (problem("Pancreatic ductal adenocarcinoma"), problem("Essential hypertension"))
    said = text_of(ccda(a=section(PROBLEMS, *entries, text=text)), tmp_path)
    assert said.count("ductal adenocarcinoma") == 1
    assert "ClinicalDocument.section[0].entry[1]\nDiagnosis: Essential hypertension, diagnosed on 2026-03-14." in said


def test_coded_results_keep_units_ranges_and_what_is_pending(tmp_path: Path) -> None:
    ranges = '<referenceRange><observationRange><value><low value="0" unit="U/mL"/><high value="37" unit="U/mL"/></value></observationRange></referenceRange>'
    found = facts(
        ccda(
            a=CANCER,
            b=section(
                RESULTS,
                result("CA 19-9", '<value xsi:type="PQ" value="812" unit="U/mL"/>', more=ranges),
                result("KRAS", '<value xsi:type="ST">p.G12D detected</value>'),
                result("HER2", '<value xsi:type="CD" displayName="Negative"/>'),
                result("TP53", "", status="active"),
                result("BRCA2", '<value xsi:type="ST">positive</value>', status="cancelled"),
            ),
        ),
        tmp_path,
    )
    lab = named(found["labs"], "CA 19-9")
    assert (lab["value"], lab["unit"], lab["uln"], lab["date"]) == (812.0, "U/mL", 37.0, "2026-04-01")
    statuses = {one["name"]: one["status"] for one in found["biomarkers"]}
    assert statuses == {"KRAS": "positive", "HER2": "negative", "TP53": "pending", "BRCA2": "not_tested"}


def test_coded_medicines_and_procedures_say_what_was_given(tmp_path: Path) -> None:
    span = '<low value="20250918"/><high value="20260226"/>'
    operation = '<procedure moodCode="EVN"><code displayName="Whipple procedure"/><statusCode code="completed"/><effectiveTime value="20250320"/></procedure>'
    found = facts(
        ccda(
            a=CANCER,
            b=section(
                MEDICINES,
                medicine("Olaparib"),
                medicine("Gemcitabine", status="completed", times=span),
                medicine("Pembrolizumab", mood="INT", status="cancelled"),
                medicine("Everolimus", mood="INT"),
                medicine("Cisplatin", denied=True),
            ),
            c=section(PROCEDURES, operation),
        ),
        tmp_path,
    )
    treatments = {one["name"]: (one["status"], one.get("start"), one.get("stop")) for one in found["treatments"]}
    assert treatments["olaparib"] == ("ongoing", "2026-03-18", None)
    assert treatments["gemcitabine"] == ("given", "2025-09-18", "2026-02-26")
    assert treatments["everolimus"][0] == "planned"
    assert treatments["pancreaticoduodenectomy"][:2] == ("given", "2025-03-20")
    assert names(found["treatments"]) == {"olaparib", "gemcitabine", "everolimus", "pancreaticoduodenectomy"}


def test_the_familys_and_the_allergies_are_themselves(tmp_path: Path) -> None:
    mother = (
        '<organizer><subject><relatedSubject><code displayName="Mother"/></relatedSubject></subject><component><observation>'
        '<code displayName="Diagnosis"/><value xsi:type="CD" displayName="Ovarian cancer"/></observation></component></organizer>'
    )

    def allergy(name: str, *, denied: bool = False) -> str:
        return (
            f'<act><entryRelationship><observation negationInd="{str(denied).lower()}"><value xsi:type="CD"/><participant>'
            f'<participantRole><playingEntity><code displayName="{name}"/></playingEntity></participantRole></participant></observation>'
            "</entryRelationship></act>"
        )

    content = ccda(a=section(FAMILY, mother), b=section(ALLERGIES, allergy("Penicillin"), allergy("Gemcitabine", denied=True)), c=CANCER)
    found = facts(content, tmp_path)
    assert [(one["relative"], one["condition"]) for one in found["family_history"]] == [("mother", "Ovarian cancer")]
    assert found["primary_cancer"]["code"] == "PAAD" and "other_cancers" not in found
    assert [one["value"] for one in found["allergies"]] == ["penicillin"]
    assert "treatments" not in found


@pytest.mark.parametrize("value", ["<value/>", '<value xsi:type="CD" nullFlavor="UNK"/>', ""])
def test_an_entry_without_a_value_says_nothing(value: Any, tmp_path: Path) -> None:
    assert "biomarkers" not in facts(ccda(a=CANCER, b=section(RESULTS, result("KRAS", value))), tmp_path)


def rows(*lines: tuple[str, ...]) -> str:
    return "".join(["<table>", *(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines), "</table>"])


def test_rows_that_were_taken_back_are_on_the_page_and_are_no_facts(tmp_path: Path) -> None:
    content = ccda(
        a=section(
            PROBLEMS,
            text=rows(
                ("Problem", "Onset", "Status"),
                ("Pancreatic ductal adenocarcinoma", "03/14/2026", "Active"),
                ("Melanoma of skin", "01/2010", "Entered in error"),
                ("Secondary malignant neoplasm of liver", "", "Entered-in-error"),
                ("Secondary malignant neoplasm of lung", "04/2026", "Active"),
            ),
        ),
        b=section(
            MEDICINES,
            text=rows(
                ("Medication", "Start", "Status"), ("Olaparib", "03/18/2026", "Active"), ("Everolimus", "03/18/2026", "Entered in error")
            ),
        ),
        c=section(
            RESULTS,
            text=rows(
                ("Date", "Test", "Value", "Units", "Status"),
                ("04/01/2026", "KRAS", "Positive", "", "Entered in error"),
                ("04/01/2026", "CA 19-9", "9999", "U/mL", "Entered in error"),
                ("04/02/2026", "CA 19-9", "812", "U/mL", "Final"),
            ),
        ),
        d=section(
            ALLERGIES,
            text=rows(
                ("Substance", "Reaction", "Status"), ("Cisplatin", "None - entered in error", "Inactive"), ("Penicillin", "Hives", "Active")
            ),
        ),
    )
    said, found = text_of(content, tmp_path), facts(content, tmp_path)
    assert all(one in said for one in ("Melanoma of skin", "neoplasm of liver", "Everolimus", "KRAS", "9999", "Cisplatin"))
    assert found["primary_cancer"]["code"] == "PAAD" and "other_cancers" not in found
    assert [one["value"] for one in found["metastatic_sites"]] == ["lung"]
    assert names(found["treatments"]) == {"olaparib"}
    assert [one["value"] for one in found["labs"]] == [812.0] and "biomarkers" not in found
    assert [one["value"] for one in found["allergies"]] == ["penicillin"]


def test_what_the_text_says_with_its_own_guard_is_not_said_again(tmp_path: Path) -> None:
    content = ccda(
        a=section(
            PROBLEMS,
            problem("Malignant tumor of prostate", status="Resolved"),
            problem("Lymphoma", denied=True),
            problem("Malignant melanoma", denied=True),
            text=rows(("Problem", "Status"), ("Prostate cancer", "Resolved"), ("Lymphoma", "Entered in error"), ("Melanoma", "Active")),
        ),
        b=section(
            MEDICINES,
            medicine("Pembrolizumab", mood="INT", status="cancelled"),
            medicine("Everolimus", mood="INT"),
            text=rows(("Medication", "Status"), ("Pembrolizumab", "Cancelled"), ("Everolimus", "Active")),
        ),
    )
    said = text_of(content, tmp_path)
    assert "prostate." not in said and "Lymphoma was" not in said and "Pembrolizumab was" not in said
    # the text speaks of these as if they were so: what the codes say must not be lost
    assert "Malignant melanoma was ruled out." in said and "Planned: Everolimus" in said


def test_what_codes_add_stands_on_a_page_of_its_own_behind_what_is_printed(tmp_path: Path) -> None:
    content = ccda(
        a=section(PROBLEMS, problem("Essential hypertension"), text="<paragraph>Pancreatic ductal adenocarcinoma</paragraph>"),
        b=section(RESULTS, text="<paragraph>None.</paragraph>"),
        c=section(MEDICINES, medicine("Olaparib")),
    )
    path = tmp_path / "export"
    path.write_bytes(content)
    opened = reading.open_document(path)
    pages = [reading.read_page(path, opened.media_type, number).text for number in range(1, opened.page_count + 1)]
    assert len(pages) == 2
    # a section without any text is read in its place: there is nothing printed that it could spoil
    assert "hypertension" not in pages[0] and "laparib" in pages[0]
    assert pages[1].splitlines() == [
        "Coded entries that the text leaves out",
        "",
        "Problems",
        "ClinicalDocument.section[0].entry[0]",
        "Diagnosis: Essential hypertension, diagnosed on 2026-03-14.",
    ]
