"""Rows TM-01 to TM-20: the type of cancer. Each with someone it is for, someone it is not for, and someone of whom it is not known."""

from __future__ import annotations

from dataclasses import replace

from personalize.profile import Conflict, FactState, Proof
from personalize.tailor import TrialsDisplay
from tests.personalize.tailor.people import (
    ACINAR,
    AMPULLARY,
    B_ALL,
    CLL,
    COLON,
    FOLLICULAR,
    GASTRIC,
    LBCL,
    MANTLE,
    MARGINAL,
    MYELOMA,
    NOBODY,
    PDAC,
    PNET,
    cancer,
    changes_of,
    check_row,
    course,
    fact,
    marker,
    page_of,
    person,
    proof,
    words_of,
)

ASKS_TYPE = "We did not find the cancer type"


def test_tm_01_pancreatic_cancer_leads_with_trials_only() -> None:
    answer = check_row("TM-01", yes=person(PDAC), no=person(GASTRIC), unknown=NOBODY, says="CAR-T is only given in trials", asks=ASKS_TYPE)
    assert answer.slug == "pancreatic"
    assert answer.lead[0].row_id == "TM-01"
    assert [one.id for one in answer.sections if one.is_first] == ["targets", "other_options"]


def test_tm_02_a_special_form_keeps_the_page_and_asks_for_msi() -> None:
    colloid = person(cancer("PAAD", "Pancreatic adenocarcinoma", histology="colloid carcinoma"))
    answer = check_row("TM-02", yes=colloid, no=person(PDAC), unknown=NOBODY, says="Was it tested for MSI?", asks=ASKS_TYPE)
    assert answer.slug == "pancreatic"
    adenosquamous = page_of(person(cancer("PAASC", "Adenosquamous carcinoma of the pancreas")))
    assert "special form" in words_of(changes_of(adenosquamous, "TM-02"))
    assert "MSI?" not in words_of(changes_of(adenosquamous, "TM-02"))


def test_tm_03_a_neuroendocrine_tumor_switches_the_page() -> None:
    answer = check_row("TM-03", yes=person(PNET), no=person(PDAC), unknown=NOBODY, says="This is a different disease", asks=ASKS_TYPE)
    assert (answer.slug, answer.is_switched) == ("pancreatic-net", True)
    said = words_of(one for part in answer.sections for one in part.sentences)
    assert "abozantinib" in said
    assert not any(word in said for word in ("FOLFIRINOX", "olaparib", "Olaparib", "KRAS"))
    assert "PRRT" in words_of(answer.questions)


def test_tm_03_a_pancreatic_cancer_of_no_known_kind_is_asked_about() -> None:
    vague = page_of(person(cancer("PANCREAS", "Pancreatic cancer")), slug="no-diagnosis")
    assert vague.slug == "pancreatic"
    assert "TM-01" not in vague.rows()
    assert any("adenocarcinoma or neuroendocrine" in one.prompt for one in vague.unknowns)
    assert not any("adenocarcinoma or neuroendocrine" in one.prompt for one in page_of(person(PDAC)).unknowns)


def test_tm_04_a_neuroendocrine_carcinoma_loses_the_slow_type_parts() -> None:
    nec = person(cancer("PNEC", "Pancreatic neuroendocrine carcinoma", grade="G3"))
    ungraded = person(cancer("PANET", "Pancreatic neuroendocrine tumor"))
    answer = check_row("TM-04", yes=nec, no=person(PNET), unknown=ungraded, says="small cell cancers", asks="did not find the grade")
    shown = words_of(one for part in answer.sections for one in part.sentences)
    assert "Cabozantinib is a pill" not in shown
    hidden = [one for part in answer.sections for one in part.hidden]
    assert {"cabozantinib", "NET-02"} <= {one.passage_id for one in hidden}


def test_tm_05_acinar_cancer_has_no_mesothelin_line() -> None:
    answer = check_row("TM-05", yes=person(ACINAR), no=person(PDAC), unknown=NOBODY, says="none of 6 acinar cancers", asks=ASKS_TYPE)
    assert answer.slug == "acinar"
    targets = next(one for one in answer.sections if one.id == "targets")
    assert "89 of 100" not in words_of(targets.sentences)


def test_tm_06_ampullary_cancer_has_its_own_numbers_and_stage_rules() -> None:
    answer = check_row("TM-06", yes=person(AMPULLARY), no=person(PDAC), unknown=NOBODY, says="79 of 100 ampullary cancers", asks=ASKS_TYPE)
    assert answer.slug == "ampullary"
    said = words_of(one for part in answer.sections for one in part.sentences)
    assert "Stage IA is T1 N0" not in said
    assert "near, not in, the pancreas" in words_of(answer.lead)


def test_tm_07_a_cyst_is_no_cancer() -> None:
    cyst = person(cancer("IPMN", "Intraductal papillary mucinous neoplasm"))
    answer = check_row("TM-07", yes=cyst, no=person(PDAC), unknown=NOBODY, says="We did not see a cancer diagnosis", asks=ASKS_TYPE)
    assert answer.slug == "no-diagnosis"
    assert not answer.is_tailored
    assert answer.trials is TrialsDisplay.WITHHELD
    shown = {one.id for one in answer.sections if one.sentences}
    assert shown == {"what_it_is", "bottom_line"}


def test_tm_07_a_cancer_that_is_ruled_out_is_no_cancer() -> None:
    answer = page_of(person(replace(PDAC, status="ruled_out")))
    assert "TM-07" in answer.rows()
    assert "TM-01" not in answer.rows()


def test_tm_08_stomach_cancer_leads_with_satri_cel_and_its_region() -> None:
    tested = person(GASTRIC, marker("CLDN18.2", "negative"), marker("HER2", "negative", "0"))
    answer = check_row("TM-08", yes=tested, no=person(PDAC), unknown=NOBODY, says="China approved a CAR-T", asks=ASKS_TYPE)
    assert answer.slug == "gastric"
    targets = next(one for one in answer.sections if one.id == "targets")
    assert "156 people" in targets.sentences[0].text
    half = page_of(person(GASTRIC, marker("CLDN18.2", "negative")))
    assert any("both a claudin 18.2 and a HER2" in one.prompt for one in half.unknowns)
    assert not any("both a claudin 18.2 and a HER2" in one.prompt for one in answer.unknowns)


def test_tm_09_a_child_with_b_all_sees_both_counts() -> None:
    child = person(B_ALL, age=fact(12))
    answer = check_row(
        "TM-09", yes=child, no=person(B_ALL, age=fact(40)), unknown=person(B_ALL), says="63 in 100 (2017)", asks="birth year"
    )
    assert answer.slug == "b-all-young"
    assert "81 in 100" in words_of(changes_of(answer, "TM-09"))
    assert "79 in 100 people had CRS" in words_of(one for part in answer.sections for one in part.sentences)


def test_tm_10_an_adult_with_b_all_does_not_see_the_childrens_product() -> None:
    adult = person(B_ALL, age=fact(40))
    answer = check_row(
        "TM-10", yes=adult, no=person(B_ALL, age=fact(12)), unknown=person(B_ALL), says="Tecartus and Aucatzyl", asks="birth year"
    )
    assert answer.slug == "b-all-adult"
    assert "Kymriah was the first" not in words_of(one for part in answer.sections for one in part.sentences)
    unknown_age = page_of(person(B_ALL))
    assert "Kymriah was the first" in words_of(one for part in unknown_age.sections for one in part.sentences)


def test_tm_10_from_18_to_25_all_three_products_are_shown() -> None:
    answer = page_of(person(B_ALL, age=fact(20)))
    assert {"TM-09", "TM-10"} <= set(answer.rows())
    assert "Kymriah" in words_of(answer.lead)
    assert "Tecartus and Aucatzyl are approved for adults" in words_of(changes_of(answer, "TM-10"))


def test_tm_11_large_b_cell_lymphoma_tells_what_timing_opens() -> None:
    answer = check_row("TM-11", yes=person(LBCL), no=person(FOLLICULAR), unknown=NOBODY, says="within 12 months", asks=ASKS_TYPE)
    assert answer.slug == "large-b-cell-lymphoma"
    assert "How long after my first treatment" in words_of(answer.questions)


def test_tm_12_follicular_lymphoma_can_be_slow() -> None:
    treated = person(FOLLICULAR, treatments=(course("R-CHOP"),))
    answer = check_row("TM-12", yes=treated, no=person(MANTLE), unknown=NOBODY, says="This cancer can be slow", asks=ASKS_TYPE)
    assert answer.slug == "follicular-lymphoma"
    assert any("how many you have had" in one.prompt for one in page_of(person(FOLLICULAR)).unknowns)
    assert not any("how many you have had" in one.prompt for one in answer.unknowns)


def test_tm_13_mantle_cell_lymphoma_shows_nerve_effects_first() -> None:
    answer = check_row("TM-13", yes=person(MANTLE), no=person(FOLLICULAR), unknown=NOBODY, says="Brain and nerve effects", asks=ASKS_TYPE)
    effects = next(one for one in answer.sections if one.id == "side_effects")
    assert effects.is_first
    assert effects.sentences[1].passage_id == "TOX-08"
    btk = person(MANTLE, treatments=(course("ibrutinib", drugs=("ibrutinib",)),))
    assert any("BTK drug" in one.prompt for one in answer.unknowns)
    assert not any("BTK drug" in one.prompt for one in page_of(btk).unknowns)


def test_tm_14_cll_says_plainly_that_fewer_respond() -> None:
    answer = check_row("TM-14", yes=person(CLL), no=person(MANTLE), unknown=NOBODY, says="Fewer people respond in CLL", asks=ASKS_TYPE)
    assert answer.slug == "cll"
    results = next(one for one in answer.sections if one.id == "blood_results")
    assert results.sentences[1].passage_id == "RESP-07"


def test_tm_15_marginal_zone_lymphoma_counts_everyone_who_started() -> None:
    answer = check_row(
        "TM-15", yes=person(MARGINAL), no=person(FOLLICULAR), unknown=NOBODY, says="all 77 people who started", asks=ASKS_TYPE
    )
    assert answer.slug == "marginal-zone-lymphoma"
    assert "95.5" not in words_of(one for part in answer.sections for one in part.sentences)


def test_tm_16_myeloma_shows_the_gut_warning_and_compares_nothing() -> None:
    answer = check_row("TM-16", yes=person(MYELOMA), no=person(CLL), unknown=NOBODY, says="serious gut illness", asks=ASKS_TYPE)
    assert answer.slug == "multiple-myeloma"
    assert "cannot be compared" in words_of(changes_of(answer, "TM-16"))


def test_tm_17_another_solid_tumor_gets_general_parts_only() -> None:
    answer = check_row(
        "TM-17", yes=person(COLON), no=person(PDAC), unknown=NOBODY, says="No CAR-T is approved for this cancer", asks=ASKS_TYPE
    )
    assert answer.slug == "solid-tumors"
    assert "esothelin" not in words_of(one for part in answer.sections for one in part.sentences if part.id == "targets")


def test_tm_17_a_blood_cancer_without_a_page_is_told_so() -> None:
    answer = page_of(person(cancer("AML", "Acute myeloid leukemia")))
    assert answer.slug == "no-diagnosis"
    assert "no page yet" in words_of(answer.lead)


def test_tm_18_without_a_diagnosis_nothing_is_tailored() -> None:
    hints = person(None, marker("KRAS", "positive", "p.G12D"), treatments=(course("FOLFIRINOX"),))
    answer = page_of(hints)
    assert answer.rows() == ("TM-18",)
    assert not answer.is_tailored
    assert answer.trials is TrialsDisplay.WITHHELD
    assert answer.banners[0].state is FactState.NOT_FOUND
    assert answer.unknowns[0].prompt.startswith(ASKS_TYPE)
    assert "TM-18" not in page_of(person(PDAC)).rows()


def test_tm_19_two_types_show_both_and_pick_none() -> None:
    chosen = proof("ductal adenocarcinoma", is_conflicting=True)
    other = proof("neuroendocrine tumor")
    both = Conflict(
        "primary_cancer",
        ("ductal adenocarcinoma", "neuroendocrine tumor"),
        "ductal adenocarcinoma",
        "two reports",
        (*chosen.evidence, *other.evidence),
    )
    answer = page_of(person(replace(PDAC, proof=chosen), marker("KRAS", "positive", "p.G12D")), conflicts=[both])
    assert answer.rows() == ("TM-19",)
    banner = answer.banners[0]
    assert "“ductal adenocarcinoma” and “neuroendocrine tumor”" in banner.text
    assert banner.state is FactState.CONFLICTING
    assert {one.quote for one in banner.evidence} == {"ductal adenocarcinoma", "neuroendocrine tumor"}
    assert answer.needs_coordinator
    assert answer.trials is TrialsDisplay.WITHHELD
    assert "TM-19" not in page_of(person(PDAC)).rows()
    assert "TM-19" not in page_of(NOBODY).rows()


def test_tm_20_suspected_is_never_diagnosed() -> None:
    maybe = person(replace(PDAC, status="suspected"))
    answer = page_of(maybe, slug="no-diagnosis")
    assert answer.slug == "no-diagnosis"
    assert "TM-20" in answer.rows()
    assert "TM-01" not in answer.rows()
    assert answer.trials is TrialsDisplay.WITHHELD
    assert "not confirmed by a biopsy" in answer.banners[0].text
    assert any("has a biopsy been done" in one.prompt for one in answer.unknowns)
    assert "TM-20" not in page_of(person(PDAC)).rows()
    assert "TM-20" not in page_of(NOBODY).rows()


def test_a_disputed_diagnosis_stops_tailoring() -> None:
    disputed = replace(PDAC, proof=Proof(PDAC.proof.evidence, check=PDAC.proof.check.DISPUTED))
    answer = page_of(person(disputed))
    assert "TM-19" in answer.rows()
    assert not answer.is_tailored
