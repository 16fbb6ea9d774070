from __future__ import annotations

from datetime import date

import pytest

from personalize.profile import Check
from records.assembly import Decision, JudgedFinding, assemble
from records.extraction.finding import Assertion, Kind
from tests.records.assembly.judged import coordinator, diagnosis, ecog, patient, said, treatment

TODAY = date(2025, 12, 1)


def profile(*judged: JudgedFinding):
    return assemble(judged, today=TODAY).profile


def conflicts(*judged: JudgedFinding):
    return assemble(judged, today=TODAY).conflicts


class TestSingles:
    def test_nothing_found_is_an_empty_profile(self) -> None:
        empty = profile()
        assert empty.ecog is None and empty.primary_cancer is None and empty.treatments == ()

    def test_the_newest_ecog_counts_and_the_older_is_explained(self) -> None:
        old, new = ecog(2, id="a", written="2025-02-01"), ecog(1, id="b", written="2025-08-01", file="later.pdf")
        fact = profile(old, new).ecog
        assert fact is not None and fact.value == 1 and not fact.proof.is_conflicting
        (found,) = conflicts(old, new)
        assert (found.field, found.chosen, found.values) == ("ecog", "1", ("1", "2"))
        assert "newest" in found.why and len(found.evidence) == 2

    def test_two_values_of_one_day_are_an_open_conflict(self) -> None:
        fact = profile(ecog(2, id="a"), ecog(1, id="b", file="other.pdf")).ecog
        assert fact is not None and fact.proof.is_conflicting and not fact.proof.may_hide_a_trial

    def test_what_the_patient_told_fills_a_gap_and_never_beats_a_record_of_that_day(self) -> None:
        told = ecog(0, id="t", is_told=True, written="2025-11-01")
        alone = profile(told).ecog
        assert alone is not None and alone.value == 0 and alone.proof.check is Check.TOLD_BY_PATIENT
        beside = profile(told, ecog(2, id="a", written="2025-11-01")).ecog
        assert beside is not None and beside.value == 2

    def test_what_the_patient_told_after_the_last_record_is_shown_and_the_record_beside_it(self) -> None:
        told = ecog(3, id="t", is_told=True, written="2025-11-01")
        before = ecog(1, id="a", written="2025-02-01")
        fact = profile(told, before).ecog
        assert fact is not None and fact.value == 3 and fact.proof.is_conflicting and not fact.proof.may_hide_a_trial
        (found,) = conflicts(told, before)
        assert found.values == ("3", "1") and "You told us" in found.why
        again = profile(told, before, ecog(1, id="b", written="2025-11-20", file="later.pdf")).ecog
        assert again is not None and again.value == 1 and not again.proof.is_conflicting

    def test_a_checked_value_stays_and_says_that_the_patient_told_something_newer(self) -> None:
        kept = ecog(1, id="a", written="2025-02-01", reviews=(coordinator(Decision.CONFIRMED, at="2025-02-02T09:00"),))
        fact = profile(kept, ecog(3, id="t", is_told=True, written="2025-11-01")).ecog
        assert fact is not None and fact.value == 1 and fact.proof.is_conflicting

    def test_a_date_still_to_come_is_no_newest_date(self) -> None:
        misread = ecog(4, id="a", written="2052-05-01", file="misread.pdf")
        fact = profile(misread, ecog(1, id="b", written="2025-06-01")).ecog
        assert fact is not None and fact.value == 1

    def test_sex_of_most_files_and_never_from_pronouns_against_print(self) -> None:
        printed = said(Kind.SEX, {"sex": "male"}, id="a", confidence=0.97)
        pronoun = said(Kind.SEX, {"sex": "female"}, id="b", file="other.pdf", confidence=0.75)
        fact = profile(printed, pronoun).sex
        assert fact is not None and fact.value == "male" and not fact.proof.is_conflicting

    def test_what_is_printed_is_cited_before_what_a_file_of_coded_fields_holds(self) -> None:
        coded = said(Kind.SEX, {"sex": "male"}, id="a", file="summary.xml", is_printed=False)
        printed = said(Kind.SEX, {"sex": "male"}, id="b", file="fax.pdf")
        fact, alone = profile(coded, printed).sex, profile(coded).sex
        assert fact is not None and [ref.file for ref in fact.proof.evidence] == ["fax.pdf"]
        assert alone is not None and [ref.file for ref in alone.proof.evidence] == ["summary.xml"]


class TestStaging:
    @pytest.mark.parametrize("type", ["pathology", "other"])
    def test_of_several_tumours_of_one_organ_the_highest_counts_and_they_share_their_nodes(self, type: str) -> None:
        larger = said(Kind.TNM, {"t": "T2", "prefix": "p", "tumour": "stomach"}, id="a", type=type)
        smaller = said(Kind.TNM, {"t": "T1", "n": "N0", "prefix": "p", "tumour": "stomach"}, id="b", type=type)
        stage = profile(diagnosis("Stomach adenocarcinoma", "STAD", "stomach", id="d", type="pathology"), larger, smaller).stage
        assert stage is not None and (stage.t, stage.n) == ("T2", "N0")


class TestReviews:
    def test_a_correction_replaces_the_value_and_keeps_the_evidence(self) -> None:
        fixed = ecog(3, id="a", reviews=(coordinator(Decision.CORRECTED, corrected={"scale": "ECOG", "value": 1}),))
        fact = profile(fixed).ecog
        assert fact is not None and fact.value == 1 and fact.proof.check is Check.CONFIRMED_BY_COORDINATOR
        assert fact.proof.evidence[0].file == "note.pdf"

    def test_a_rejected_finding_is_gone(self) -> None:
        assert profile(ecog(3, id="a", reviews=(coordinator(Decision.REJECTED),))).ecog is None

    def test_the_newest_word_of_a_person_counts(self) -> None:
        reviews = (coordinator(Decision.REJECTED, at="2025-06-01"), coordinator(Decision.CONFIRMED, at="2025-06-05"))
        fact = profile(ecog(3, id="a", reviews=reviews)).ecog
        assert fact is not None and fact.proof.check is Check.CONFIRMED_BY_COORDINATOR

    def test_a_patient_who_disagrees_later_makes_it_disputed(self) -> None:
        reviews = (coordinator(Decision.CONFIRMED), patient(Decision.REJECTED))
        fact = profile(ecog(3, id="a", reviews=reviews)).ecog
        assert fact is not None and fact.value == 3 and fact.proof.check is Check.DISPUTED and not fact.proof.may_hide_a_trial

    def test_a_confirmed_value_stays_though_a_newer_record_differs_and_says_so(self) -> None:
        kept = ecog(1, id="a", written="2025-02-01", reviews=(coordinator(Decision.CONFIRMED),))
        newer = ecog(3, id="b", written="2025-10-01", file="later.pdf")
        fact = profile(kept, newer).ecog
        assert fact is not None and fact.value == 1 and fact.proof.is_conflicting
        assert "newer record" in conflicts(kept, newer)[0].why

    def test_a_confirmed_poor_reading_is_no_longer_poor(self) -> None:
        poor = ecog(1, id="a", page_is_poorly_read=True)
        sure = ecog(1, id="a", page_is_poorly_read=True, reviews=(coordinator(Decision.CONFIRMED),))
        first, second = profile(poor).ecog, profile(sure).ecog
        assert first is not None and second is not None
        assert first.proof.is_poorly_read and not second.proof.is_poorly_read


class TestCancer:
    def test_a_cell_type_is_not_outvoted_by_general_words(self) -> None:
        net = diagnosis(
            "Pancreatic neuroendocrine tumor", "PANET", "pancreas", id="a", type="pathology", value={"histology": "neuroendocrine tumor"}
        )
        loose = [
            diagnosis("Pancreatic ductal adenocarcinoma", "PAAD", "pancreas", id=f"b{n}", type="radiology", file=f"ct{n}.pdf")
            for n in range(3)
        ]
        cancer = profile(net, *loose).primary_cancer
        assert cancer is not None and cancer.code == "PANET"

    def test_pathology_rules_out_what_imaging_suspected(self) -> None:
        seen = diagnosis(
            "Pancreatic ductal adenocarcinoma",
            "PAAD",
            "pancreas",
            id="a",
            type="radiology",
            written="2025-01-01",
            assertion=Assertion.POSSIBLE,
            value={"status": "suspected"},
        )
        biopsy = diagnosis(
            "Pancreatic ductal adenocarcinoma",
            "PAAD",
            "pancreas",
            id="b",
            type="pathology",
            written="2025-02-01",
            file="bx.pdf",
            assertion=Assertion.ABSENT,
            value={"status": "ruled_out"},
        )
        cancer = profile(seen, biopsy).primary_cancer
        assert cancer is not None and cancer.status == "ruled_out"

    def test_an_old_cancer_is_another_one_and_a_suspected_one_is_none(self) -> None:
        main = diagnosis("Pancreatic ductal adenocarcinoma", "PAAD", "pancreas", id="a", type="pathology")
        old = diagnosis("Colon adenocarcinoma", "COADREAD", "colon", id="b", assertion=Assertion.HISTORICAL, value={"historical": True})
        doubt = diagnosis("Lung cancer", "NSCLC", "lung", id="c", assertion=Assertion.POSSIBLE, value={"status": "suspected"})
        made = profile(main, old, doubt)
        assert made.primary_cancer is not None and made.primary_cancer.code == "PAAD"
        assert [(one.code, one.is_historical) for one in made.other_cancers] == [("COADREAD", True)]
        assert made.clinical["other_malignancy"]["status"] == "past"

    def test_two_pathology_reports_that_differ_are_a_conflict(self) -> None:
        one = diagnosis(
            "Pancreatic ductal adenocarcinoma", "PAAD", "pancreas", id="a", type="pathology", value={"histology": "ductal adenocarcinoma"}
        )
        other = diagnosis(
            "Acinar cell carcinoma",
            "PAAC",
            "pancreas",
            id="b",
            type="pathology",
            file="second.pdf",
            is_amended=True,
            value={"histology": "acinar cell carcinoma"},
        )
        made = assemble([one, other], today=TODAY)
        assert made.profile.primary_cancer is not None and made.profile.primary_cancer.code == "PAAC"
        assert [found.field for found in made.conflicts] == ["primary_cancer"]

    def test_grade_of_a_neuroendocrine_tumor_is_not_its_differentiation(self) -> None:
        net = diagnosis("Pancreatic neuroendocrine tumor", "PANET", "pancreas", id="a", type="pathology")
        well = said(
            Kind.GRADE, {"grade": "G1", "tumour": "pancreas", "words": "well-differentiated"}, id="b", type="pathology", confidence=0.97
        )
        real = said(Kind.GRADE, {"grade": "G2", "tumour": "pancreas"}, id="c", type="pathology", confidence=0.9)
        cancer = profile(net, well, real).primary_cancer
        assert cancer is not None and cancer.grade == "G2"


def tnm(id: str, written: str, **value: str):
    return said(Kind.TNM, {"tumour": "pancreas", **value}, id=id, file=f"{id}.pdf", written=written)


def group(id: str, written: str, name: str, **more):
    return said(
        Kind.STAGE_GROUP,
        {"group": name, "system": "AJCC", "tumour": "pancreas", "derived": more.pop("derived", False)},
        id=id,
        file=f"{id}.pdf",
        written=written,
        **more,
    )


class TestStage:
    def test_t_n_and_m_come_from_one_staging(self) -> None:
        clinical = tnm("a", "2025-01-10", t="T2", n="N0", m="M0", prefix="c")
        pathological = tnm("b", "2025-04-10", t="T3", n="N1", prefix="p")
        stage = profile(clinical, pathological).stage
        assert stage is not None and (stage.t, stage.n, stage.m, stage.prefix) == ("T3", "N1", None, "p")

    def test_the_newest_stated_group_counts_and_the_older_is_kept_as_a_conflict(self) -> None:
        made = assemble([group("a", "2025-01-10", "III"), group("b", "2025-08-10", "IV")], today=TODAY)
        assert made.profile.stage is not None and made.profile.stage.group == "IV" and made.profile.stage.stated_or_derived == "stated"
        (found,) = made.conflicts
        assert found.field == "stage_group" and found.values == ("IV", "III") and found.chosen == "IV" and "2025-08-10" in found.why

    def test_a_derived_group_says_so_and_gives_way_to_a_stated_one(self) -> None:
        derived = group("a", "2025-05-10", "IIB", derived=True)
        alone = profile(derived).stage
        assert alone is not None and alone.stated_or_derived == "derived"
        both = profile(derived, group("b", "2025-05-09", "III")).stage
        assert both is not None and (both.group, both.stated_or_derived) == ("III", "stated")

    def test_spread_told_later_overtakes_m0(self) -> None:
        site = said(Kind.METASTASIS, {"site": "liver"}, id="s", file="c.pdf", written="2025-08-01")
        stage = profile(
            tnm("a", "2025-01-10", t="T4", n="N0", m="M0"), group("a2", "2025-01-10", "III"), group("c", "2025-08-01", "IV"), site
        ).stage
        assert stage is not None and (stage.group, stage.t, stage.m) == ("IV", None, "M1")

    def test_the_stage_of_another_tumour_is_not_this_one(self) -> None:
        cancer = diagnosis("Pancreatic ductal adenocarcinoma", "PAAD", "pancreas", id="d", type="pathology")
        colon = said(Kind.STAGE_GROUP, {"group": "I", "system": "AJCC", "tumour": "colon"}, id="x")
        assert profile(cancer, colon).stage is None

    def test_a_site_denied_later_is_left_out(self) -> None:
        then = said(Kind.METASTASIS, {"site": "lung"}, id="a", written="2025-01-01", file="a.pdf")
        now = said(Kind.METASTASIS, {"site": "lung"}, id="b", written="2025-09-01", file="b.pdf", assertion=Assertion.ABSENT)
        assert profile(then, now).metastatic_sites == ()


def marker(id: str, name: str, status: str, **more):
    value = {"name": name, "status": status, **more.pop("value", {})}
    return said(Kind.BIOMARKER, value, id=id, file=f"{id}.pdf", type=more.pop("type", "molecular"), **more)


class TestMarkers:
    def test_a_result_outweighs_pending_of_the_same_test(self) -> None:
        (one,) = profile(
            marker("a", "CLDN18.2", "pending", written="2025-01-01"),
            marker("b", "CLDN18.2", "positive", written="2025-02-01", value={"detail": "80%"}),
        ).biomarkers
        assert (one.status, one.detail) == ("positive", "80%")

    def test_one_change_that_was_not_found_says_nothing_against_another_that_was(self) -> None:
        looked_for = marker("a", "KRAS", "negative", value={"detail": "p.G12C not detected"})
        found = marker("b", "KRAS", "positive", value={"detail": "pathogenic variant"})
        made = profile(looked_for, found).biomarkers
        assert {(one.status, one.proof.is_conflicting) for one in made} == {("negative", False), ("positive", False)}
        named = marker("c", "KRAS", "positive", value={"detail": "p.G12C"}, written="2025-04-30")
        (one,) = profile(looked_for, named).biomarkers
        assert one.proof.is_conflicting

    def test_germline_and_tumor_stay_apart(self) -> None:
        germline = marker("a", "BRCA2", "negative", value={"origin": "germline"})
        tumor = marker("b", "BRCA2", "positive", value={"origin": "somatic", "detail": "p.S1982fs"})
        assert {(one.origin, one.status) for one in profile(germline, tumor).biomarkers} == {
            ("germline", "negative"),
            ("somatic", "positive"),
        }

    def test_a_relatives_result_is_not_the_patients(self) -> None:
        assert profile(marker("a", "BRCA2", "positive", assertion=Assertion.FAMILY)).biomarkers == ()

    def test_the_same_change_in_two_spellings_is_one_fact(self) -> None:
        (one,) = profile(
            marker("a", "KRAS", "positive", value={"detail": "p.Gly12Asp"}),
            marker("b", "KRAS", "positive", type="oncology_note", value={"detail": "G12D"}),
        ).biomarkers
        assert one.proof.finding_ids == ("a", "b") and len(one.proof.evidence) == 2

    def test_a_lost_stain_and_a_changed_gene_are_two_facts(self) -> None:
        stain = marker("a", "SMAD4", "negative", type="pathology", value={"detail": "lost"})
        gene = marker("b", "SMAD4", "positive", value={"detail": "p.R361H", "method": "NGS"})
        assert {(one.status, one.detail) for one in profile(stain, gene).biomarkers} == {("negative", "lost"), ("positive", "p.R361H")}

    def test_much_of_a_protein_and_a_gene_that_is_not_broken_are_two_facts_and_no_conflict(self) -> None:
        stain = marker("a", "MYC", "positive", type="pathology", value={"method": "IHC", "detail": "30%"})
        gene = marker("b", "MYC", "negative", value={"detail": "no rearrangement"})
        made = assemble([stain, gene], today=TODAY)
        assert {(one.status, one.detail) for one in made.profile.biomarkers} == {("positive", "30%"), ("negative", "no rearrangement")}
        assert not made.conflicts

    def test_a_number_without_a_call_lends_its_number_to_the_call(self) -> None:
        call = marker("a", "CD19", "positive", type="pathology", value={"method": "flow"})
        number = marker("b", "CD19", "reported", type="pathology", value={"detail": "98%", "method": "flow"})
        made = assemble([call, number], today=TODAY)
        assert [(one.status, one.detail, one.proof.is_conflicting) for one in made.profile.biomarkers] == [("positive", "98%", False)]

    def test_mismatch_repair_follows_from_its_stains_where_no_record_says_it(self) -> None:
        kept = [
            marker(f"k{name}", name, "positive", value={"detail": "retained", "method": "IHC"}) for name in ("MLH1", "MSH2", "MSH6", "PMS2")
        ]
        lost = marker("l", "MSH6", "negative", value={"detail": "lost", "method": "IHC"})
        assert [(one.status, one.detail) for one in profile(*kept).biomarkers if one.name == "MMR"] == [
            ("negative", "proficient (MLH1, MSH2, MSH6, PMS2 retained)")
        ]
        assert [one.status for one in profile(*kept[:2], lost).biomarkers if one.name == "MMR"] == ["positive"]
        assert [one for one in profile(kept[0]).biomarkers if one.name == "MMR"] == []

    def test_the_fuller_detail_is_shown(self) -> None:
        loss = marker("a", "CDKN2A", "positive", value={"detail": "loss", "method": "NGS"})
        exact = marker("b", "CDKN2A", "positive", value={"detail": "homozygous deletion", "method": "NGS"})
        assert [one.detail for one in profile(loss, exact).biomarkers] == ["homozygous deletion"]

    def test_two_results_of_one_test_are_a_conflict(self) -> None:
        made = assemble(
            [
                marker("a", "HER2", "positive", value={"method": "IHC"}),
                marker("b", "HER2", "negative", type="oncology_note", value={"method": "IHC"}),
            ],
            today=TODAY,
        )
        (one,) = made.profile.biomarkers
        assert one.status == "positive" and one.proof.is_conflicting
        assert made.conflicts[0].field == "biomarker HER2"

    @pytest.mark.parametrize(("copies", "status"), [("not amplified", "negative"), ("amplified, ratio 3.4", "positive")])
    def test_a_stain_of_two_plus_is_settled_by_the_count_of_copies(self, copies: str, status: str) -> None:
        stain = marker("a", "HER2", "equivocal", value={"method": "IHC", "detail": "2+"})
        counted = marker("b", "HER2", status, value={"method": "FISH", "detail": copies})
        (one,) = profile(stain, counted).biomarkers
        assert (one.status, one.detail) == (status, f"IHC 2+, FISH {copies}")
        assert {ref.file for ref in one.proof.evidence} == {"a.pdf", "b.pdf"} and not one.proof.is_conflicting

    def test_a_stain_that_waits_for_its_copies_stays_unclear(self) -> None:
        stain = marker("a", "HER2", "equivocal", value={"method": "IHC", "detail": "2+"})
        assert [one.status for one in profile(stain).biomarkers] == ["equivocal"]

    def test_not_tested_never_turns_into_a_result(self) -> None:
        (one,) = profile(marker("a", "MSI", "not_tested")).biomarkers
        assert one.status == "not_tested" and not one.is_result


FOLFIRINOX = ["oxaliplatin", "irinotecan", "fluorouracil", "leucovorin"]


class TestTreatments:
    def test_two_documents_tell_of_one_course(self) -> None:
        note = treatment(
            "FOLFIRINOX", FOLFIRINOX, id="a", written="2025-06-01", value={"start": "2025-01-10", "stop": "2025-05-20", "cycles": 8}
        )
        scan = treatment(
            "FOLFIRINOX", FOLFIRINOX, "ongoing", id="b", written="2025-03-01", file="ct.pdf", type="radiology", value={"response": "PR"}
        )
        (one,) = profile(note, scan).treatments
        assert (one.status, str(one.start), str(one.stop), one.response) == ("given", "2025-01-10", "2025-05-20", "PR")
        assert {ref.file for ref in one.proof.evidence} == {"note.pdf", "ct.pdf"}

    def test_lines_are_counted_from_dates_and_not_around_surgery(self) -> None:
        before = treatment("FOLFIRINOX", FOLFIRINOX, id="a", value={"start": "2024-01", "intent": "neoadjuvant"})
        first = treatment("Gemcitabine + nab-paclitaxel", ["gemcitabine", "nab-paclitaxel"], id="b", value={"start": "2025-01"})
        keeping = treatment("olaparib", ["olaparib"], id="c", value={"start": "2025-06", "intent": "maintenance"})
        second = treatment(
            "5-FU/LV + liposomal irinotecan", ["liposomal irinotecan", "fluorouracil", "leucovorin"], id="d", value={"start": "2025-09"}
        )
        spread = said(Kind.EXTENT, {"extent": "metastatic"}, id="e")
        assert [one.line for one in profile(before, first, keeping, second, spread).treatments] == [None, 1, None, 2]

    def test_planned_then_told_as_begun_is_ongoing(self) -> None:
        plan = treatment("everolimus", ["everolimus"], "planned", id="a", written="2025-02-01", value={"start": "2025-03-01"})
        begun = treatment("everolimus", ["everolimus"], id="b", written="2025-03-05", file="message.txt")
        (one,) = profile(plan, begun).treatments
        assert (one.status, str(one.start)) == ("ongoing", "2025-03-01")

    def test_only_considered_is_nothing_and_declined_is_declined(self) -> None:
        idea = treatment("pembrolizumab", ["pembrolizumab"], "considered", id="a", assertion=Assertion.POSSIBLE)
        no = treatment("gemcitabine", ["gemcitabine"], "declined", id="b", assertion=Assertion.ABSENT)
        assert [(one.name, one.status) for one in profile(idea, no).treatments] == [("gemcitabine", "declined")]

    def test_a_second_course_a_year_later_is_another_one(self) -> None:
        one = treatment("FOLFIRINOX", FOLFIRINOX, id="a", value={"start": "2023-01-10", "stop": "2023-06-01"})
        two = treatment("FOLFIRINOX", FOLFIRINOX, id="b", value={"start": "2025-01-10"})
        assert len(profile(one, two).treatments) == 2

    def test_chemotherapy_says_nothing_beside_its_drugs(self) -> None:
        loose = treatment("chemotherapy", [], id="a")
        exact = treatment("CAPOX", ["capecitabine", "oxaliplatin"], id="b")
        assert [one.name for one in profile(loose, exact).treatments] == ["CAPOX"]


class TestLists:
    def test_every_dated_lab_is_kept_once(self) -> None:
        first = said(Kind.LAB, {"name": "CA 19-9", "value": 812.0, "unit": "U/mL", "high": 37.0}, id="a", date="2025-04-04")
        again = said(Kind.LAB, {"name": "CA 19-9", "value": 812.0, "unit": "U/mL"}, id="b", date="2025-04-04", file="other.pdf")
        later = said(Kind.LAB, {"name": "CA 19-9", "value": 90.0, "unit": "U/mL"}, id="c", date="2025-07-04")
        labs = profile(first, again, later).labs_named("CA 19-9")
        assert [(one.value, one.uln) for one in labs] == [(90.0, None), (812.0, 37.0)]
        assert len(labs[1].proof.evidence) == 2

    def test_a_misread_number_waits_for_a_person(self) -> None:
        value = {"name": "Hemoglobin", "value": 98.0, "unit": "g/dL", "is_doubtful": True}
        assert profile(said(Kind.LAB, value, id="a")).labs == ()
        seen = said(
            Kind.LAB,
            value,
            id="a",
            reviews=(coordinator(Decision.CORRECTED, corrected={"name": "Hemoglobin", "value": 9.8, "unit": "g/dL"}),),
        )
        assert [one.value for one in profile(seen).labs] == [9.8]

    def test_the_fuller_relative_is_kept(self) -> None:
        loose = said(Kind.FAMILY_HISTORY, {"relative": "aunt", "condition": "breast cancer"}, id="a", assertion=Assertion.FAMILY)
        exact = said(Kind.FAMILY_HISTORY, {"relative": "maternal aunt", "condition": "breast cancer"}, id="b", assertion=Assertion.FAMILY)
        assert [one.relative for one in profile(loose, exact).family_history] == ["maternal aunt"]

    def test_screening_results_become_what_trials_ask(self) -> None:
        clear = said(Kind.COMORBIDITY, {"name": "hepatitis B"}, id="a", assertion=Assertion.ABSENT)
        ill = said(Kind.COMORBIDITY, {"name": "psoriasis"}, id="b", assertion=Assertion.HISTORICAL)
        made = profile(clear, ill)
        assert made.clinical["infection"] == {"hbv": "negative"} and made.clinical["autoimmune"]["conditions"] == ["psoriasis"]
        assert [one.value for one in made.comorbidities] == ["psoriasis"]


@pytest.mark.parametrize("status", ["considered", "not_given", "allergy"])
def test_what_was_not_given_is_no_treatment(status: str) -> None:
    assert profile(treatment("gemcitabine", ["gemcitabine"], status, id="a")).treatments == ()
