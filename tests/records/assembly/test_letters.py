"""A category that is written without its letter, in the profile: the letter, what stands in the report, and what makes it more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from personalize.profile import CancerStage
from records.assembly import Decision, JudgedFinding, assemble
from records.extraction.finding import Evidence, Kind
from tests.records.assembly.judged import coordinator, diagnosis, said

CANCER = diagnosis("Breast cancer", "BRCA", "breast", id="d", file="a.pdf", type="pathology")
WRITTEN = {"t": "T1", "n": "N0", "prefix": "p", "tumour": "breast"}
LETTER = {"t": "T1b", "written": "T1", "because": "0.8 cm", "prefix": "p", "edition": "8", "derived": True, "tumour": "breast"}


def tnm(value: dict[str, Any], id: str, file: str = "a.pdf", **more: Any) -> JudgedFinding:
    return said(Kind.TNM, value, id=id, file=file, type="pathology", **more)


def staged(*findings: JudgedFinding) -> CancerStage:
    stage = assemble([CANCER, *findings], today=date(2026, 1, 1)).profile.stage
    assert stage is not None
    return stage


def test_the_letter_is_shown_and_what_is_written_is_kept() -> None:
    stage = staged(tnm(WRITTEN, "w"), tnm(LETTER, "l"))
    assert (stage.t, stage.n, stage.as_written) == ("T1b", "N0", "T1 N0")
    assert stage.letters == (("T1", "T1b", "0.8 cm"),)
    assert {"w", "l"} <= set(stage.proof.finding_ids)
    assert (stage.group, stage.stated_or_derived) == ("IA", "derived")


def test_a_letter_settles_a_group_that_the_bare_category_leaves_open() -> None:
    cancer = diagnosis("Colon adenocarcinoma", "COAD", "colon", id="d", file="a.pdf", type="pathology")
    bare = tnm({"t": "T3", "n": "N2", "prefix": "p", "tumour": "colon"}, "w")
    letter = tnm({**LETTER, "t": None, "n": "N2b", "written": "N2", "because": "7/20", "tumour": "colon"}, "l")
    stages = [assemble([cancer, *mine], today=date(2026, 1, 1)).profile.stage for mine in ((bare,), (bare, letter))]
    assert [one.group if one else None for one in stages] == [None, "IIIC"]


def test_no_letter_for_what_another_file_or_a_person_says() -> None:
    other = staged(tnm(WRITTEN, "w"), tnm(LETTER, "l", file="b.pdf"))
    assert (other.t, other.letters) == ("T1", ())
    corrected = coordinator(Decision.CORRECTED, corrected={**WRITTEN, "t": "T2"})
    assert staged(tnm(WRITTEN, "w", reviews=(corrected,)), tnm(LETTER, "l")).t == "T2"
    rejected = coordinator(Decision.REJECTED)
    assert staged(tnm(WRITTEN, "w"), tnm(LETTER, "l", reviews=(rejected,))).as_written == "T1 N0"


def test_of_two_stagings_the_one_that_the_count_of_nodes_bears_out() -> None:
    before = tnm({"t": "T3", "n": "N0", "m": "MX", "tumour": "breast"}, "before")
    after = tnm({"t": "T2", "n": "N2", "tumour": "breast"}, "after")
    counted = said(Kind.NODES, {"positive": 5, "examined": 12}, id="n", file="a.pdf", type="pathology")
    assert staged(before, after, counted).as_written == "T2 N2"
    assert staged(before, after).as_written == "T3 N0 MX"


def test_a_second_system_right_behind_is_no_larger_tumour() -> None:
    first, second = (tnm({"t": t, "prefix": "p", "tumour": "breast"}, t) for t in ("T1", "T4"))
    moved = replace(second, finding=replace(second.finding, evidence=(Evidence(1, 8, 11, "pT4"),)))
    assert staged(first, moved).as_written == "T1"
    far = replace(second, finding=replace(second.finding, evidence=(Evidence(1, 800, 803, "pT4"),)))
    assert staged(first, far).as_written == "T4"


def test_a_letter_alone_is_no_staging() -> None:
    assert assemble([CANCER, tnm(LETTER, "l")], today=date(2026, 1, 1)).profile.stage is None
