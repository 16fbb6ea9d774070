"""Every kind of file that people have: told by its content, opened, counted and read, or refused with its code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from records import reading
from records.exceptions import ReadingError
from records.reading.page import Source
from records.reading.sniff import CCDA, DOCX, FHIR, HEIC, HTML, JPEG, PDF, PNG, RTF, TIFF, TXT, WEBP, ZIP
from tests.documents import as_image, blank_pdf, digital_pdf, photo, tiff
from tests.records.reading.pages import REPORT, read, share_in_order, words_of
from tests.records.reading.text_files import ccda, docx, docx_of, fhir, html, rtf, zip_of

PHOTO = Path(__file__).with_name("photo.heic").read_bytes()
ROWS = (("Gene", "Result"), ("ATM", "p.V410A, uncertain significance"))


# kind: (content, media type, pages)
KINDS: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "pdf": (lambda: digital_pdf([REPORT, REPORT, REPORT]), PDF, 3),
    "pdf after a preamble": (lambda: b"\r\nmail gateway\r\n" + digital_pdf([REPORT]), PDF, 1),
    "pdf that only forbids printing": (lambda: digital_pdf([REPORT], owner_password="x"), PDF, 1),
    "jpeg": (lambda: photo(REPORT), JPEG, 1),
    "png": (lambda: as_image(REPORT, "PNG"), PNG, 1),
    "webp": (lambda: as_image(REPORT, "WEBP"), WEBP, 1),
    "tiff of two pages": (lambda: tiff([REPORT, REPORT], is_fax=True), TIFF, 2),
    "heic": (lambda: PHOTO, HEIC, 1),
    "text": (lambda: "\n".join(REPORT).encode(), TXT, 1),
    "text of two pages": (lambda: b"first page\fsecond page", TXT, 2),
    "text as Windows writes it": (lambda: "Grade II° – naïve".encode("cp1252"), TXT, 1),
    "text in UTF-16": (lambda: "KRAS p.G12D".encode("utf-16"), TXT, 1),
    "rtf": (lambda: rtf(REPORT), RTF, 1),
    "html": (lambda: html(REPORT), HTML, 1),
    "docx": (lambda: docx(REPORT), DOCX, 1),
    "c-cda": (lambda: ccda(REPORT), CCDA, 1),
    "fhir": (lambda: fhir(REPORT), FHIR, 1),
    "zip": (lambda: zip_of(("report.pdf", digital_pdf([REPORT]))), ZIP, 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_told_by_its_content_and_its_pages_are_counted(kind: str, tmp_path: Path) -> None:
    made, media_type, count = KINDS[kind]
    path = tmp_path / "a name that says nothing.xyz"
    path.write_bytes(made())
    opened = reading.open_document(path)
    assert (opened.media_type, opened.page_count) == (media_type, count)


@pytest.mark.parametrize(
    ("content", "number", "expected"),
    [
        (digital_pdf([REPORT, ("the second page",)]), 2, "the second page"),
        (b"first page\fsecond page", 2, "second page"),
        ("Grade II° – naïve".encode("cp1252"), 1, "Grade II° – naïve"),
        ("KRAS p.G12D".encode("utf-16"), 1, "KRAS p.G12D"),
        (digital_pdf([("opens without a word",)], owner_password="x"), 1, "opens without a word"),
    ],
    ids=["second page of a pdf", "second page of a text", "windows", "utf-16", "owner password"],
)
def test_the_page_asked_for_is_the_page_read(content: bytes, number: int, expected: str) -> None:
    assert read(content, number).text.split() == expected.split()


def test_a_locked_file_asks_for_its_password_and_opens_with_it(tmp_path: Path) -> None:
    content = digital_pdf([REPORT], password="rosemary")
    path = tmp_path / "locked.pdf"
    path.write_bytes(content)
    for password, code in ((None, "locked"), ("thyme", "wrong_password")):
        with pytest.raises(ReadingError) as refused:
            reading.open_document(path, password)
        assert refused.value.code == code
    assert read(content, 1, "rosemary").text.split() == words_of(REPORT)


@pytest.mark.parametrize("made", [html(REPORT, ROWS), docx(REPORT, ROWS), ccda(REPORT, ROWS)], ids=["html", "docx", "c-cda"])
def test_tables_of_text_files_keep_their_rows(made: bytes) -> None:
    page = read(made)
    assert page.source is Source.STRUCTURED
    assert ["ATM", "p.V410A,", "uncertain", "significance"] in [line.split() for line in page.text.splitlines()]
    assert page.boxes(0, len(page.text)) == (), "a file of text has no picture to point into"


def test_what_a_document_hides_or_took_back_is_not_on_the_page() -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = (
        f"<w:document {w}><w:body><w:p><w:r><w:t>Margins are </w:t></w:r><w:del><w:r><w:delText>positive</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>negative</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r></w:p></w:body></w:document>"
    )
    assert read(docx_of(document)).text.split() == ["Margins", "are", "negative"]
    page = b"<html><body><p>Shown</p><p style='display: none'>hidden</p><!-- said aside --><script>ran()</script></body></html>"
    assert read(page).text.split() == ["Shown"]


def test_a_resource_that_was_entered_in_error_is_not_read() -> None:
    said = {"resourceType": "Condition", "code": {"text": "Adenocarcinoma of the pancreas"}}
    meant = said | {"code": {"text": "Gallstones"}, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": said}, {"resource": meant}]}
    text = read(json.dumps(bundle).encode()).text
    assert "Adenocarcinoma of the pancreas" in text
    assert "Gallstones" not in text


def test_a_picture_with_a_transparent_ground_is_read_on_white() -> None:
    plain = Image.open(io.BytesIO(as_image(REPORT, "PNG"))).convert("L")
    ink = Image.new("RGBA", plain.size, (0, 0, 0, 0))
    ink.putalpha(plain.point(lambda value: 255 - value))
    made = io.BytesIO()
    ink.save(made, "PNG")
    assert share_in_order(words_of(REPORT), read(made.getvalue())) == 1


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(3000), "unsupported"),
    "music": (b"ID3\x04" + bytes(500), "unsupported"),
    "a spreadsheet": (zip_of(("[Content_Types].xml", b"<Types/>")), "unsupported"),
    "JSON that is no FHIR": (b'{"name": "somebody"}', "unsupported"),
    "a drawing with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unsupported"),
    "PostScript": (b"%!PS-Adobe-3.0\n", "unsupported"),
    "a cut pdf": (digital_pdf([REPORT])[:600], "damaged"),
    "a cut picture": (b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
    "XML with entities of its own": (ccda(REPORT).replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_cannot_be_used_has_its_code(kind: str, tmp_path: Path) -> None:
    content, code = REFUSED[kind]
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    with pytest.raises(ReadingError) as refused:
        reading.read_page(path, reading.open_document(path).media_type, 1)
    assert refused.value.code == code


def test_a_picture_of_too_many_pixels_is_refused_from_its_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 10_000), 1).save(path, "PNG")
    with pytest.raises(ReadingError) as refused:
        reading.read_page(path, PNG, 1)
    assert refused.value.code == "too_large"


def test_more_pages_than_can_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(blank_pdf(501))
    with pytest.raises(ReadingError) as refused:
        reading.open_document(path)
    assert refused.value.code == "too_many_pages"


def test_a_pdf_locked_with_keys_of_its_own_is_not_called_damaged(tmp_path: Path) -> None:
    """Locked for the holder of a certificate: no password opens it, and asking for one would be of no use."""
    with pikepdf.open(io.BytesIO(digital_pdf([REPORT]))) as document:
        made = io.BytesIO()
        document.save(made)
    lock = b"/Encrypt << /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s4 /V 2 /Length 128 /Recipients [<3000>] >> /ID [<00><00>] "
    path = tmp_path / "locked.pdf"
    path.write_bytes(made.getvalue().replace(b"trailer <<", b"trailer << " + lock))
    assert lock in path.read_bytes()
    with pytest.raises(ReadingError, match="unsupported"):
        reading.open_document(path)


def test_a_pdf_whose_note_on_its_lock_is_wrong_opens_without_a_password(tmp_path: Path) -> None:
    """It only forbids printing. That the length of its key is missing keeps pdfium out; other viewers try what it may be."""
    content = digital_pdf([REPORT], owner_password="x")
    path = tmp_path / "guarded.pdf"
    path.write_bytes(content.replace(b"/Filter /Standard /Length 128", b"/Filter /Standard /Lengte 128"))
    assert b"/Lengte" in path.read_bytes()
    assert reading.open_document(path).page_count == 1
    assert reading.read_page(path, PDF, 1).text.split() == words_of(REPORT)


PACKED: dict[str, tuple[str, ...]] = {
    "an OpenDocument text": ("mimetype", "content.xml", "Thumbnails/thumbnail.png"),
    "a book": ("mimetype", "META-INF/container.xml", "cover.png"),
    "a Pages document": ("preview.png", "Index/Document.iwa"),
}


@pytest.mark.parametrize("kind", PACKED)
def test_a_document_that_is_packed_like_an_archive_is_not_read_as_the_pictures_in_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.zip"
    path.write_bytes(zip_of(*((name, as_image(REPORT, "PNG") if name.endswith(".png") else b"<x/>") for name in PACKED[kind])))
    with pytest.raises(ReadingError, match="unsupported"):
        reading.open_document(path)
