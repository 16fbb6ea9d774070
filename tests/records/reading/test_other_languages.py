"""Pages in writing that our rules know nothing of: said to be so, not to be a bad picture, and no facts are taken from them."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from records.reading import page_code
from records.reading.page import Source
from tests.documents import HEIGHT, WIDTH
from tests.records.reading.pages import REPORT, check_model, read
from tests.records.reading.text_files import docx

JAPANESE = ("病理診断報告書", "検体：膵臓、針生検", "診断：膵管癌、中分化型", "切除断端：陰性、リンパ節転移なし", "KRAS 変異：検出されず")
SENTENCES = {
    "Japanese": "\n".join(JAPANESE),
    "Russian": "Заключение: протоковая аденокарцинома поджелудочной железы.\nМутация KRAS не обнаружена.",
    "Greek": "Διάγνωση: αδενοκαρκίνωμα του παγκρέατος.\nΔεν βρέθηκε μετάλλαξη KRAS.",
    "Hebrew": "אבחנה: אדנוקרצינומה של הלבלב\nלא נמצאה מוטציה KRAS",
    "Arabic": "التشخيص: سرطان غدي في البنكرياس\nلم يتم العثور على طفرة KRAS",
}


def _pdf(lines: tuple[str, ...]) -> bytes:
    font = "HeiseiMin-W3"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setFont(font, 14)
    for number, line in enumerate(lines):
        canvas.drawString(54, 700 - 24 * number, line)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_a_pdf_in_another_writing_says_so() -> None:
    """Read by its layer: recognition, which knows our letters alone, made a bad picture of it, an empty page, or words that nobody wrote."""
    page = read(_pdf(JAPANESE))
    check_model(page)
    assert page.source is Source.TEXT_LAYER
    assert page_code(page) == "other_language"


@pytest.mark.parametrize("language", SENTENCES)
def test_a_text_in_another_writing_says_so(language: str) -> None:
    """What its negations are, no rule of ours knows: the name of a gene in it would be taken for a finding."""
    assert page_code(read(SENTENCES[language].encode())) == "other_language"
    assert page_code(read(docx(tuple(SENTENCES[language].split("\n"))))) == "other_language"


def test_a_form_in_two_languages_is_read() -> None:
    english = ("Diagnosis: ductal adenocarcinoma of the pancreas", "KRAS: no mutation was found")
    arabic = ("التشخيص: سرطان غدي في البنكرياس", "KRAS: لم يتم العثور على طفرة")
    assert page_code(read("\n".join(english + arabic).encode())) is None


@pytest.mark.parametrize(
    "line",
    ["TGF-β and IFN-γ were measured; 5 µg/mL, α = 0.05", "Dr. 山田 太郎 (Yamada) reviewed the slides", "Müller, Øystein: naïve, déjà vu, ľahko"],
)
def test_a_report_with_letters_of_others_in_it_is_read(line: str) -> None:
    page = read("\n".join((*REPORT, line)).encode())
    assert page_code(page) is None
