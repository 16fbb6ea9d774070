"""The ten errors that would hurt most, from a drawn document to the page that the person reads: real reading, real content, nothing standing in.

Each test says what the page must tell and what it must never tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from lxml import html

from records.actions.reading import perform_waiting
from records.models import Document
from tests.demo_records import WHO
from tests.documents import Lines, digital_pdf, fax_pdf, scanned_pdf
from tests.factories import make_document, make_patient

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
PATHOLOGY: Lines = ("SURGICAL PATHOLOGY REPORT", *WHO, "Collected: 03/02/2026   Reported: 03/05/2026", "", "FINAL DIAGNOSIS")
MOLECULAR: Lines = ("MOLECULAR PATHOLOGY REPORT", *WHO, "Specimen: pancreas biopsy, collected 03/02/2026", "Report date: 03/16/2026", "")
NOTE: Lines = ("ONCOLOGY CLINIC NOTE", *WHO, "Date of visit: 10/12/2026", "")
PDAC = "Pancreas, head, core needle biopsy: Pancreatic ductal adenocarcinoma, moderately differentiated (G2)."
CHANGED = "changed"  # what the card of a gene says when a change was found
OLAPARIB = "Olaparib is a pill"


@dataclass(frozen=True)
class MyPage:
    """What the person sees. cards: label and value of each fact; tailored: the sentences that the records added or changed, with their
    reasons; prompts: what we do not know yet; text: all words of the main part."""

    cards: tuple[tuple[str, str], ...]
    tailored: tuple[str, ...]
    prompts: tuple[str, ...]
    text: str
    url: str

    def values(self, label: str) -> list[str]:
        return [value for one, value in self.cards if one == label]

    @property
    def about_me(self) -> str:
        return "\n".join(self.tailored)


@pytest.fixture
def page_of(seeded: None, alice: Any, as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MyPage]:
    """page_of(lines, …) draws each as a report, sends it as alice and gives her answer; scans, faxes: which of them are pictures."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **options: TODAY)
    patient = make_patient(alice)

    def make(*pages: Lines, scans: tuple[int, ...] = (), faxes: tuple[int, ...] = ()) -> MyPage:
        for number, lines in enumerate(pages):
            draw = scanned_pdf if number in scans else digital_pdf
            drawn = fax_pdf([lines], dpi=80, skew=0.8) if number in faxes else draw([lines])
            make_document(patient, drawn, name=f"report-{number}.pdf")
        perform_waiting()
        assert set(Document.objects.values_list("status", flat=True)) == {"ready"}
        response = as_alice.get("/my/", follow=True)
        assert response.status_code == 200
        return _read(response.content, response.request["PATH_INFO"])

    return make


def _read(content: bytes, url: str) -> MyPage:
    main = html.fromstring(content.decode()).get_element_by_id("main")
    cards = tuple((_words(one.find_class("fact-label")[0]), _words(one.find_class("fact-value")[0])) for one in main.xpath("//li[contains(@class, 'fact')]")
                  if one.find_class("fact-value"))  # fmt: skip
    return MyPage(
        cards=cards,
        tailored=tuple(_words(one) for one in main.find_class("sentence-changed")),
        prompts=tuple(_words(one) for one in main.xpath("//section[@id='unknown']//li")),
        text=_words(main),
        url=url,
    )


def _words(element: Any) -> str:
    """As heard: the marks around a hard word leave no gap before a full stop."""
    return re.sub(r" ([.,])(?= |$)", r"\1", " ".join(" ".join(element.itertext()).split()))


def test_a_neuroendocrine_tumor_is_never_the_common_cancer_of_the_pancreas(page_of: Callable[..., MyPage]) -> None:
    page = page_of(
        (
            *PATHOLOGY,
            "Pancreas, tail, distal pancreatectomy: Well-differentiated pancreatic neuroendocrine tumor, WHO grade 2.",
            "Ki-67 index: 8%.",
            "Comment: there is no evidence of ductal adenocarcinoma.",
        )
    )
    assert page.url == "/my/pancreatic-net/"
    assert "Pancreatic neuroendocrine tumor" in page.values("Type of cancer")[0]
    assert "This is a different disease from the common type of pancreatic cancer." in page.about_me
    assert "ductal adenocarcinoma" not in page.text and "claudin 18.2 and mesothelin" not in page.about_me


@pytest.mark.parametrize("meaning", ["VUS", "Uncertain significance", "Variant of uncertain significance"])
def test_a_change_of_unknown_meaning_is_no_finding(page_of: Callable[..., MyPage], meaning: str) -> None:
    rows = (("Gene", "Variant", "Interpretation"), ("BRCA2", "p.K1286R", meaning), ("KRAS", "p.G12V", "Pathogenic"))
    page = page_of((*PATHOLOGY, PDAC), (*MOLECULAR, *rows))
    assert page.values("BRCA2")[0].startswith("a change no one understands yet (VUS)")
    assert page.values("KRAS")[0].startswith(CHANGED)
    assert "BRCA2: positive" not in page.text and "inherited BRCA" not in page.about_me
    assert OLAPARIB not in page.about_me


def test_an_uncertain_change_in_a_sentence_is_no_finding(page_of: Callable[..., MyPage]) -> None:
    said = "A variant of uncertain significance was identified in BRCA2 (p.K1286R). KRAS: no mutation detected."
    page = page_of((*PATHOLOGY, PDAC), (*MOLECULAR, said))
    assert page.values("BRCA2")[0].startswith("a change no one understands yet (VUS)")
    assert "No one knows yet what it means. It is not a finding, and it is no reason to steer treatment." in page.about_me
    assert "BRCA2: positive" not in page.text and OLAPARIB not in page.about_me


def test_a_blood_test_of_cea_is_no_stain_of_the_tumor(page_of: Callable[..., MyPage]) -> None:
    labs = (("Test", "Result", "Units", "Reference"), ("CEA", "48.2", "ng/mL", "0.0-5.0"), "Collected: 11/14/2026")
    page = page_of((*PATHOLOGY, PDAC), ("LABORATORY RESULTS", *WHO, "", *labs))
    assert page.values("CEA") == ["48.2 ng/mL Nov. 14, 2026"]
    assert "A blood test does not show what is on the tumor." in page.about_me and "CEA 48.2 ng/mL" in page.about_me
    assert "It is not a test of the tumor itself." in page.text
    assert "Your tumor has CEA" not in page.text and "CEA: positive" not in page.text


def test_a_change_in_the_tumor_is_not_inherited(page_of: Callable[..., MyPage]) -> None:
    somatic = ("Tumor sequencing (somatic):", "BRCA2 p.S1982fs, pathogenic, allele fraction 22%.", "Germline testing was not performed.")
    page = page_of((*PATHOLOGY, PDAC), (*MOLECULAR, *somatic))
    assert page.values("BRCA2")[0].startswith("changed (S1982fs), in the tumor")
    assert "The BRCA change was found in the tumor. That does not show if it is inherited." in page.about_me
    assert "We took off the part about olaparib." in page.about_me
    assert "Your BRCA change is inherited" not in page.text and "inherited" not in page.values("BRCA2")[0]
    assert all("Left out for you" in one for one in page.tailored if OLAPARIB in one)
    assert "We found no gene test of your tumor" not in page.text
    assert any("BRCA result from an inherited test" in one for one in page.prompts)


def test_what_was_not_tested_is_not_negative(page_of: Callable[..., MyPage]) -> None:
    stains = ("Claudin 18.2: not tested, insufficient tissue.", "HER2: not performed.", "Mismatch repair proteins: not tested.")
    page = page_of((*PATHOLOGY, PDAC, "", *stains))
    for label in ("CLDN18.2", "HER2", "MMR"):
        assert page.values(label) == ["not tested March 2, 2026"], label
    assert "We found no gene test of your tumor." in page.about_me
    for wrong in ("negative", "working (pMMR)", "stable (MSS)", "does not have claudin", "no claudin"):
        assert wrong not in " ".join((page.about_me, *(value for _, value in page.cards))), wrong


def test_a_negated_result_is_no_finding(page_of: Callable[..., MyPage]) -> None:
    said = ("No KRAS G12D mutation was detected.", "BRCA1 and BRCA2: no pathogenic variants detected.", "HER2: negative (score 0).")
    page = page_of((*PATHOLOGY, PDAC), (*MOLECULAR, *said))
    assert page.values("KRAS")[0].startswith("not found in the test (G12D not detected)")
    assert page.values("BRCA1")[0].startswith("not found in the test") and page.values("BRCA2")[0].startswith("not found in the test")
    assert page.values("HER2")[0].startswith("negative")
    for wrong in ("Your tumor has KRAS", "KRAS: positive", "BRCA2: positive", "HER2 3+", OLAPARIB):
        assert wrong not in page.about_me, wrong
    # one change that is not there says nothing of the rest of the gene
    assert "Your test found no KRAS change." not in page.about_me


def test_what_a_relative_had_is_not_the_patients(page_of: Callable[..., MyPage]) -> None:
    family = ("Family history:", "Maternal aunt with breast cancer, BRCA2 positive.", "Father had stage IV colon cancer.")
    page = page_of((*NOTE, "Diagnosis: pancreatic ductal adenocarcinoma.", "", *family))
    assert {one.split(" Oct.")[0] for one in page.values("In the family")} >= {
        "maternal aunt: BRCA2 positive",
        "maternal aunt: breast cancer",
    }
    assert "It is about your relative. We do not read it as yours." in page.about_me
    assert not page.values("BRCA2") and not page.values("Stage") and not page.values("Another cancer")
    assert page.values("Type of cancer")[0].startswith("Pancreatic ductal adenocarcinoma")
    assert OLAPARIB not in page.about_me
    assert any("BRCA result from an inherited test" in one for one in page.prompts) and any("your stage" in one for one in page.prompts)


def test_what_is_planned_was_not_given(page_of: Callable[..., MyPage]) -> None:
    plan = (
        "Plan:",
        "We will start FOLFIRINOX next week.",
        "If she progresses, gemcitabine may be considered.",
        "CAR-T trial was discussed.",
    )
    page = page_of((*NOTE, "Diagnosis: pancreatic ductal adenocarcinoma.", "", *plan))
    assert page.values("Treatment") == ["FOLFIRINOX, planned, not given yet Oct. 12, 2026"]
    for wrong in ("FOLFIRINOX", "had CAR-T before", "after one treatment", "platinum"):
        assert wrong not in page.about_me, wrong
    assert "Which treatments have I had" in page.text


def test_a_suspicion_is_no_diagnosis(page_of: Callable[..., MyPage]) -> None:
    scan = (
        "CT ABDOMEN AND PELVIS WITH CONTRAST",
        *WHO,
        "Date of exam: 03/01/2026",
        "",
        "FINDINGS",
        "A 3 cm mass in the head of the pancreas.",
    )
    page = page_of((*scan, "", "IMPRESSION", "Findings suspicious for pancreatic adenocarcinoma. Biopsy is recommended."))
    assert page.url == "/my/no-diagnosis/"
    assert page.values("Type of cancer")[0].startswith("possible:")
    assert "It is not confirmed by a biopsy in what we have. We match no trials until it is." in page.about_me
    assert "We show no trials until the type of cancer is clear." in page.text and "NCT0" not in page.text
    assert "Pancreatic ductal adenocarcinoma, " not in page.about_me and "For your type of cancer" not in page.about_me


def test_a_sign_that_the_scanner_flipped_is_shown_beside_the_right_one(page_of: Callable[..., MyPage]) -> None:
    """The same report twice, once as a scan in which the sign came out wrong: neither is picked, and no sentence stands on either."""
    clean = ("KRAS: p.G12D detected.", "Microsatellite status: stable (MSS).")
    flipped = ("KRAS: p.G12D detected.", "Microsatellite status: high (MSI-H).")
    page = page_of((*PATHOLOGY, PDAC), (*MOLECULAR, *clean), (*MOLECULAR, *flipped), scans=(2,))
    assert "Your reports do not agree on MSI. We show each with its page and pick none." in page.about_me
    assert "report-1.pdf, page 1" in page.about_me and "report-2.pdf, page 1" in page.about_me
    assert "Records disagree" in page.text
    for wrong in ("Your tumor is MSI-H", "pembrolizumab", "MSI: positive", "MSI: negative"):
        assert wrong not in page.about_me, wrong
    assert "Your tumor has KRAS G12D." in page.about_me


def test_a_fact_from_words_that_were_hard_to_read_says_so(page_of: Callable[..., MyPage]) -> None:
    """A fax of 80 dots an inch: what is read may have its sign flipped, so each fact of it says that it may be misread, and hides no trial."""
    stains = ("IMMUNOHISTOCHEMISTRY", "HER2: negative (1+).", "Claudin 18.2: positive, 2+ in 80% of tumor cells.")
    page = page_of((*PATHOLOGY, "Pancreas, head, core needle biopsy: Pancreatic ductal adenocarcinoma.", "", *stains), faxes=(0,))
    assert page.values("HER2") and page.values("Type of cancer")
    assert page.text.count("This page was hard to read. We may have misread it.") >= 1
