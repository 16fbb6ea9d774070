"""Files of a folder, as the commands without a database read them: every file is a line, with its pages or with a code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from records.management.reading_files import FileRead, files_below, read_document, read_files
from records.reading.sniff import PDF, ZIP
from tests.documents import blank_pdf, digital_pdf
from tests.records.reading.pages import REPORT
from tests.records.reading.text_files import zip_of

GOOD = digital_pdf([REPORT])
BOMB = b"a line of a report that goes on and on\n" * 200_000


def _locked_zip() -> bytes:
    """The flag that says that a member is encrypted, in both of the places where it stands."""
    content = bytearray(zip_of(("good.pdf", GOOD)))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _read(folder: Path, **files: bytes) -> dict[str, FileRead]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {one.name.removeprefix(f"{folder}/"): one for one in read_files(files_below([folder]))}


def test_the_files_of_an_archive_follow_it(tmp_path: Path) -> None:
    found = _read(tmp_path, archive=zip_of(("reports/good.pdf", GOOD), ("song.mp3", b"ID3" + bytes(500)), ("note.txt", b"KRAS p.G12D")))
    assert list(found) == ["archive", "archive/good.pdf", "archive/note.txt"]
    assert (found["archive"].media_type, found["archive"].error) == (ZIP, None)
    assert "adenocarcinoma" in found["archive/good.pdf"].pages[0].text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zip_of(("bomb.txt", BOMB)), "too_large"),
        (_locked_zip(), "locked"),
        (zip_of(("a.zip", zip_of())), "nothing_inside"),
        (zip_of(("good.pdf", GOOD))[30:], "damaged"),
    ],
    ids=["bomb", "locked", "nothing inside", "cut"],
)
def test_an_archive_that_cannot_be_unpacked_says_so(tmp_path: Path, content: bytes, code: str) -> None:
    found = _read(tmp_path, archive=content if content.startswith(b"PK") else b"PK\x03\x04" + content)
    assert {name: read.error for name, read in found.items()} == {"archive": code}


def test_bytes_that_rotted_within_an_archive_are_a_damaged_archive(tmp_path: Path) -> None:
    content = bytearray(zip_of(("note.txt", b"KRAS p.G12D was found. " * 40)))
    content[60] ^= 0xFF
    assert _read(tmp_path, archive=bytes(content))["archive"].error == "damaged"


def test_archives_within_archives_are_not_opened(tmp_path: Path) -> None:
    assert list(_read(tmp_path, archive=zip_of(("inner.zip", zip_of(("good.pdf", GOOD))), ("good.pdf", GOOD)))) == [
        "archive",
        "archive/good.pdf",
    ]


def test_the_name_of_a_member_leads_nowhere(tmp_path: Path) -> None:
    found = _read(tmp_path, archive=zip_of(("../../../etc/cron.d/job.txt", b"KRAS p.G12D")))
    assert list(found) == ["archive", "archive/job.txt"]


def test_one_bad_page_leaves_the_others(tmp_path: Path) -> None:
    import pikepdf

    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(GOOD)) as document, pikepdf.open(io.BytesIO(blank_pdf())) as blank:
        document.pages.append(blank.pages[0])
        document.save(made)
    (tmp_path / "two.pdf").write_bytes(made.getvalue())
    read = read_document(tmp_path / "two.pdf")
    assert (read.media_type, read.error, dict(read.page_codes), len(read.pages)) == (PDF, None, {2: "blank"}, 1)


def test_the_read_command_prints_a_line_for_every_file_also_for_a_bad_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of(("bomb.txt", BOMB)))
    (tmp_path / "b.pdf").write_bytes(GOOD)
    (tmp_path / "c.pdf").write_bytes(b"")
    printed = io.StringIO()
    call_command("read", str(tmp_path), jsonl=True, stdout=printed)
    lines = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert [(Path(one["file"]).name, one["error"] and one["error"]["code"]) for one in lines] == [
        ("a.zip", "too_large"),
        ("b.pdf", None),
        ("c.pdf", "empty"),
    ]
    assert "pathology" in lines[1]["report"]["type"]
