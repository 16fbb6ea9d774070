"""The shape of a record: what an editor may try a change on, and nothing of whose it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from personalize.codec import encode_profile
from personalize.profile import Fact, FamilyHistory, PartialDate
from personalize.shape import shape_of
from personalize.tailor import tailor
from tests.personalize.tailor.people import PDAC, content, course, lab, marker, person, proof, stage

TODAY = date(2026, 11, 25)
RECORD = person(
    replace(PDAC, name="Adenocarcinoma of Mrs. Winterbottom", histology="seen by Dr. Winterbottom"),
    marker("KRAS", "positive", "p.G12D"),
    marker("CLDN18.2", "positive", "as told to Mrs. Winterbottom on the phone, with much care"),
    marker("WINTERBOTTOM", "positive"),
    stage=stage("IV", "metastatic"),
    age=Fact(93, proof("93 years", "2026-02-03")),
    birth_year=Fact(1932, proof("1932")),
    postcode=Fact("12345", proof("12345")),
    country=Fact("Iceland", proof("Iceland")),
    hla=(Fact("A*02:01", proof("HLA")),),
    comorbidities=(Fact("hypertension", proof("x")), Fact("bitten by the dog of Winterbottom", proof("y"))),
    treatments=(course("FOLFIRINOX"), course("tea of Dr. Winterbottom")),
    labs=(lab("CA 19-9", 1234.5),),
    family_history=(FamilyHistory("aunt Winterbottom", "breast cancer", proof("z")),),
)


def test_nothing_of_the_person_is_left() -> None:
    said = json.dumps(encode_profile(shape_of(RECORD, today=TODAY)), ensure_ascii=False)
    for word in ("Winterbottom", "12345", "Iceland", "report.pdf", "1932", "93", "1234.5", "A*02:01", "2026-02-03", "aunt"):
        assert word not in said, word


def test_what_changes_a_page_stays() -> None:
    made = shape_of(RECORD, today=TODAY)
    assert made.primary_cancer is not None and (made.primary_cancer.name, made.primary_cancer.code) == (
        "Pancreatic ductal adenocarcinoma",
        "PAAD",
    )
    assert [(one.name, one.status, one.detail) for one in made.biomarkers] == [
        ("KRAS", "positive", "p.G12D"),
        ("CLDN18.2", "positive", None),
    ]
    assert made.age is not None and made.age.value == 90 and made.labs[0].value == 1200 and made.hla[0].value == "A*02"
    assert [one.name for one in made.treatments] == ["FOLFIRINOX", "systemic"]
    assert [one.value for one in made.comorbidities] == ["hypertension"]
    rows = tailor(content(), made, today=TODAY, slug="pancreatic").rows()
    assert {"TM-34", "TM-31", "TM-01"} <= set(rows)


def test_dates_keep_their_distance_to_the_month_and_not_their_day() -> None:
    old = replace(RECORD.labs[0], proof=proof("old", "2019-05-17"))
    new = replace(RECORD.labs[0], proof=proof("new", "2019-09-16"))
    made = shape_of(person(PDAC, labs=(old, new)), today=TODAY)
    days = [one.proof.date for one in made.labs]
    assert days[1] is not None and days[0] is not None
    assert (days[0].day, days[1].day) == (None, None)
    newest = made.primary_cancer.proof.date if made.primary_cancer else None
    assert newest == PartialDate(2026, 11) and (days[1].year * 12 + (days[1].month or 0)) - (days[0].year * 12 + (days[0].month or 0)) == 4
