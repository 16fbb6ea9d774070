"""Rows TM-31 to TM-53: markers, genes and HLA. Not tested, pending, VUS and a clean blood test are never a yes or a no."""

from __future__ import annotations

from typing import Any

import pytest

from personalize.profile import Biomarker, Conflict, PatientProfile
from tests.personalize.tailor.people import (
    METASTATIC,
    PDAC,
    aunt,
    changes_of,
    check_row,
    course,
    fact,
    lab,
    marker,
    page_of,
    person,
    proof,
    words_of,
)

UNTESTED = person()


def pdac(*markers: Biomarker, **facts: Any) -> PatientProfile:
    return person(PDAC, *markers, **facts)


G12D = marker("KRAS", "positive", "p.G12D")
INHERITED = marker("BRCA2", "positive", "c.5946delT", origin="germline")


def test_tm_31_claudin_positive_says_that_cut_offs_differ() -> None:
    yes, no = pdac(marker("CLDN18.2", "positive", "80% 2+")), pdac(marker("CLDN18.2", "negative"))
    answer = check_row("TM-31", yes=yes, no=no, unknown=UNTESTED, says="at least 40 cells of each 100", asks="claudin 18.2 result")
    assert "80% 2+" in (changes_of(answer, "TM-31")[0].reason or "")
    assert answer.sections[1].id == "targets"


def test_tm_32_claudin_negative_keeps_the_other_targets() -> None:
    answer = check_row(
        "TM-32", yes=pdac(marker("CLDN18.2", "negative", "0%")), no=pdac(marker("CLDN18.2")), unknown=UNTESTED,
        says="less likely", asks="claudin 18.2 result",
    )  # fmt: skip
    targets = next(one for one in answer.sections if one.id == "targets")
    assert [one.passage_id for one in targets.sentences][1:3] == ["tm-32-1", "TGT-MSLN-01"]


def test_tm_33_mesothelin_positive_comes_with_its_caution() -> None:
    answer = check_row(
        "TM-33",
        yes=pdac(marker("MSLN")),
        no=pdac(marker("MSLN", "negative")),
        unknown=UNTESTED,
        says="no tumor shrank",
        asks="mesothelin result",
    )
    assert "lining of the lungs, belly and heart" in words_of(one for one in changes_of(answer, "TM-33") if one.section == "side_effects")


def test_tm_34_kras_g12d_adds_cells_and_pills() -> None:
    answer = check_row(
        "TM-34",
        yes=pdac(G12D),
        no=pdac(marker("KRAS", "positive", "p.G12V")),
        unknown=UNTESTED,
        says="certain HLA type",
        asks="which KRAS change",
    )
    assert "aimed at KRAS G12D are in trials" in words_of(changes_of(answer, "TM-34"))


def test_tm_35_kras_g12c_gives_the_small_numbers() -> None:
    check_row(
        "TM-35",
        yes=pdac(marker("KRAS", "positive", "p.G12C")),
        no=pdac(G12D),
        unknown=UNTESTED,
        says="38 and 21 people",
        asks="which KRAS change",
    )


def test_tm_36_another_kras_change_is_named() -> None:
    check_row(
        "TM-36", yes=pdac(marker("KRAS", "positive", "p.G12R")), no=pdac(G12D), unknown=UNTESTED, says="KRAS G12R", asks="which KRAS change"
    )


def test_tm_37_normal_kras_asks_for_fusions() -> None:
    answer = check_row(
        "TM-37", yes=pdac(marker("KRAS", "negative")), no=pdac(G12D), unknown=UNTESTED, says="Was RNA tested too", asks="which KRAS change"
    )
    others = next(one for one in answer.sections if one.id == "other_options")
    assert [one.passage_id for one in others.sentences][:2] == ["tm-01-3", "tm-37-1"]
    in_blood = pdac(marker("KRAS", "negative", specimen="blood"))
    assert "TM-37" not in page_of(in_blood).rows()


def test_tm_38_inherited_brca_shows_platinum_olaparib_and_the_family() -> None:
    both_normal = (marker("BRCA1", "negative", origin="germline"), marker("BRCA2", "negative", origin="germline"))
    answer = check_row("TM-38", yes=pdac(INHERITED), no=pdac(*both_normal), unknown=UNTESTED, says="platinum chemo", asks="inherited test")
    assert "Your family can be tested" in words_of(changes_of(answer, "TM-38"))


@pytest.mark.parametrize(
    "not_inherited",
    [
        pdac(marker("BRCA2", "positive", origin="somatic")),
        pdac(marker("BRCA2", "positive")),
        pdac(marker("BRCA2", "vus", origin="germline")),
        pdac(marker("BRCA2", "pending", origin="germline")),
        pdac(marker("BRCA2", "not_tested", origin="germline")),
        pdac(family_history=(aunt("BRCA2"),)),
    ],
)
def test_tm_38_nothing_but_an_inherited_change_opens_the_box(not_inherited: PatientProfile) -> None:
    assert "TM-38" not in page_of(not_inherited).rows()


def test_tm_39_a_tumor_only_change_does_not_show_the_inherited_label() -> None:
    somatic = pdac(marker("BRCA2", "positive", origin="somatic"))
    answer = check_row(
        "TM-39", yes=somatic, no=pdac(INHERITED), unknown=UNTESTED, says="still need the inherited test", asks="inherited test"
    )
    shown = words_of(one for part in answer.sections for one in part.sentences)
    assert "Olaparib is a pill for people with an inherited" not in shown
    unsaid = page_of(pdac(marker("BRCA1")))
    assert "TM-39" not in unsaid.rows()
    assert any("is it inherited, or only in the tumor" in one.prompt for one in unsaid.unknowns)


def test_tm_40_palb2_and_atm_claim_no_more_than_is_known() -> None:
    check_row(
        "TM-40",
        yes=pdac(marker("PALB2")),
        no=pdac(marker("PALB2", "negative"), marker("ATM", "negative")),
        unknown=UNTESTED,
        says="platinum chemo",
    )
    atm = words_of(changes_of(page_of(pdac(marker("ATM"))), "TM-40"))
    assert "trial" in atm
    assert "platinum" not in atm
    assert "TM-40" not in page_of(pdac(marker("PALB2", "vus"))).rows()


def test_tm_41_a_vus_is_not_a_finding() -> None:
    vus = pdac(G12D, marker("BRCA2", "vus", "p.A1B", origin="germline"))
    answer = check_row("TM-41", yes=vus, no=pdac(INHERITED), unknown=UNTESTED, says="It is not a finding")
    assert "BRCA2" in words_of(changes_of(answer, "TM-41"))
    assert not {"TM-38", "TM-39", "TM-57"} & set(answer.rows())


def test_tm_42_msi_high_puts_its_drug_first() -> None:
    answer = check_row(
        "TM-42", yes=pdac(marker("MSI", "positive", "MSI-H")), no=pdac(marker("MSI", "negative", "stable")), unknown=UNTESTED,
        says="18 in 100", asks="MSI or MMR result",
    )  # fmt: skip
    assert "Lynch" in words_of(changes_of(answer, "TM-42"))
    assert "TM-42" in page_of(pdac(marker("MMR", "positive", "deficient"))).rows()


def test_tm_43_a_high_mutation_count_only_without_msi() -> None:
    high = marker("TMB", "reported", "14 mut/Mb")
    check_row(
        "TM-43", yes=pdac(high), no=pdac(marker("TMB", "negative", "4 mut/Mb")), unknown=UNTESTED, says="14 mut/Mb", asks="mutation count"
    )
    assert "TM-43" not in page_of(pdac(high, marker("MSI", "positive", "MSI-H"))).rows()


def test_tm_44_each_fusion_shows_its_own_drug() -> None:
    fused = pdac(marker("NRG1", "positive", "ATP1B1-NRG1 fusion"))
    answer = check_row(
        "TM-44", yes=fused, no=pdac(marker("NRG1", "negative")), unknown=UNTESTED, says="Of 30 people", asks="RNA was tested"
    )
    assert "Selpercatinib is approved in the US for any solid tumor with one. Ask" not in words_of(changes_of(answer, "TM-44"))
    drugs = {
        "RET": ("RET", "KIF5B-RET fusion", "Selpercatinib"),
        "NTRK1": ("NTRK1", "TPM3-NTRK1 fusion", "Larotrectinib"),
        "BRAF": ("BRAF", "p.V600E", "Dabrafenib"),
    }
    for name, detail, drug in drugs.values():
        assert drug in words_of(changes_of(page_of(pdac(marker(name, "positive", detail))), "TM-44"))


def test_tm_45_her2_three_plus_comes_with_the_caution() -> None:
    check_row(
        "TM-45",
        yes=pdac(marker("HER2", "positive", "IHC 3+")),
        no=pdac(marker("HER2", "negative", "IHC 1+")),
        unknown=UNTESTED,
        says="results were weak",
    )
    unscored = page_of(pdac(marker("HER2", "equivocal")))
    assert "TM-45" not in unscored.rows()


def test_tm_46_a_blood_level_is_no_stain() -> None:
    raised = pdac(labs=(lab("CEA", 40, "ng/mL"),))
    answer = check_row("TM-46", yes=raised, no=pdac(labs=(lab("CEA", 2, "ng/mL"),)), unknown=UNTESTED, says="stain of the tumor itself")
    assert not any(one.row_id != "TM-46" and "CEA" in (one.reason or "") for one in answer.changes())


def test_tm_47_no_tumor_test_is_the_top_question() -> None:
    answer = page_of(UNTESTED)
    mine = changes_of(answer, "TM-47")
    assert {one.state.value for one in mine if one.state} == {"not_found"}
    assert answer.questions[0].text.startswith("Has my tumor been tested")
    assert "TM-47" not in page_of(pdac(G12D)).rows()
    assert "TM-47" in page_of(pdac(marker("KRAS", "pending"))).rows()
    assert "TM-47" in page_of(pdac(marker("CK7"))).rows()


def test_tm_48_a_clean_blood_test_is_not_normal() -> None:
    blood = pdac(marker("KRAS", "negative", specimen="blood"), marker("BRAF", "negative", specimen="blood"))
    answer = check_row(
        "TM-48", yes=blood, no=pdac(marker("KRAS", "negative", specimen="tissue")), unknown=UNTESTED, says="as not found, not as normal"
    )
    assert "TM-47" not in answer.rows()


def test_tm_49_reports_that_disagree_show_both_and_pick_none() -> None:
    here, there = proof("KRAS G12D", is_conflicting=True), proof("KRAS wild type")
    torn = Conflict("biomarker KRAS", ("positive p.G12D", "negative"), None, "two reports", (*here.evidence, *there.evidence))
    answer = check_row(
        "TM-49", yes=pdac(marker("KRAS", "positive", "p.G12D", proof=here)), no=pdac(G12D), unknown=UNTESTED,
        says="do not agree on KRAS", conflicts=[torn],
    )  # fmt: skip
    assert {one.quote for one in changes_of(answer, "TM-49")[0].evidence} == {"KRAS G12D", "KRAS wild type"}
    assert "TM-34" not in answer.rows()
    assert answer.needs_coordinator


def test_tm_50_the_hla_tag_opens_the_safety_lock() -> None:
    check_row(
        "TM-50",
        yes=pdac(hla=(fact("A*02:01"),)),
        no=pdac(hla=(fact("A*11:01"),)),
        unknown=UNTESTED,
        says="You have the HLA-A*02 tag",
        asks="your HLA type",
    )


def test_tm_51_without_the_tag_the_rest_stays() -> None:
    answer = check_row(
        "TM-51",
        yes=pdac(hla=(fact("A*11:01"),)),
        no=pdac(hla=(fact("A*02:01"),)),
        unknown=UNTESTED,
        says="The rest stay",
        asks="your HLA type",
    )
    assert answer.trials.value == "open"


def test_tm_52_both_parts_show_one_person_as_one_person() -> None:
    both, one = pdac(G12D, hla=(fact("C*08:02"),)), pdac(marker("KRAS", "positive", "p.G12V"), hla=(fact("C*08:02"),))
    check_row("TM-52", yes=both, no=one, unknown=pdac(G12D), says="This is one person", asks="HLA typing")


def test_tm_53_a_known_hla_without_g12d_hides_the_cells_for_it() -> None:
    other = pdac(marker("KRAS", "positive", "p.G12V"), hla=(fact("A*02:01"),))
    answer = check_row(
        "TM-53",
        yes=other,
        no=pdac(G12D, hla=(fact("A*02:01"),)),
        unknown=pdac(hla=(fact("A*02:01"),)),
        says="Yours is not G12D",
        asks="which KRAS change",
    )
    hidden = [one.passage_id for part in answer.sections for one in part.hidden]
    assert hidden == ["TGT-KRAS-02", "TGT-KRAS-03"]


def test_a_treated_person_with_everything_has_no_two_rows_that_contradict() -> None:
    answer = page_of(pdac(G12D, INHERITED, marker("MSI", "negative"), stage=METASTATIC, treatments=(course("FOLFIRINOX"),)))
    assert {"TM-34", "TM-38"} <= set(answer.rows())
    assert not {"TM-35", "TM-36", "TM-37", "TM-39", "TM-42", "TM-47"} & set(answer.rows())
