"""What a file is, by its content. Its name is somebody's word and is never asked."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
HEIC, WEBP = "image/heic", "image/webp"
TXT, RTF, HTML = "text/plain", "application/rtf", "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CCDA, FHIR, ZIP = "application/cda+xml", "application/fhir+json", "application/zip"

HEAD_BYTES = 4096
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# what stands in other office documents, books and programs: none is a collection of records, though pictures may lie in it
_PACKED = re.compile(r"^\[Content_Types\]\.xml$|^mimetype$|(^|/)Index/Document\.iwa$|MANIFEST\.MF$")
_MOST_JSON = 60 * 1024 * 1024


def sniff(path: Path) -> str | None:
    """The media type that we can read, or None. Looks at the first 4 KiB, at all of an archive's table of contents and of JSON."""
    with path.open("rb") as stream:
        found = sniff_head(stream.read(HEAD_BYTES))
    if found in (ZIP, DOCX):
        return _archive(path)
    return found if found != FHIR or _is_fhir(path) else None


def sniff_head(head: bytes) -> str | None:
    """The same from the first bytes alone, as they arrive: sniff may still say no once the whole file is there."""
    return _by_signature(head) or _by_text(head)


def _by_signature(head: bytes) -> str | None:
    for magic, media_type in (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"II*\x00", TIFF),
        (b"MM\x00*", TIFF),
        (b"II+\x00", TIFF),  # of more than 4 GiB, or written as if it were
        (b"MM\x00+", TIFF),
        (b"{\\rtf", RTF),
    ):
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIC
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_head(head)
    # PDF 1.7 reference, implementation note 13: readers take a header anywhere in the first 1024 bytes. Asked last: an archive may
    # hold its first file uncompressed
    return PDF if b"%PDF-" in head[:1024] else None


def _archive_head(head: bytes) -> str | None:
    if b"[Content_Types].xml" in head or b"word/" in head:
        return None if b"ppt/" in head or b"xl/" in head else DOCX
    return None if b"META-INF/MANIFEST.MF" in head else ZIP


def _archive(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:2000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return DOCX
    return None if any(_PACKED.search(name) for name in names) else ZIP


def _by_text(head: bytes) -> str | None:
    text = _decoded(head)
    if text is None or not text.strip():
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return FHIR
    if start.startswith("<"):
        low = start.lower()
        if "<clinicaldocument" in low or "urn:hl7-org:v3" in low:
            return CCDA
        if "<svg" in low or "<?php" in low:
            return None
        return HTML if re.search(r"<!doctype html|<html|<body|<table|<p\b|<div", low) else None
    if start.startswith(("%!PS", "MZ", "#!", "GIF8", "<?php")) or "EICAR-STANDARD-ANTIVIRUS" in text:
        return None
    return TXT


def _decoded(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if _BINARY.search(head):
        return None
    try:
        # a character may be cut at the end of what we looked at
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        return head.decode("utf-8", errors="ignore") if error.start > len(head) - 4 else head.decode("cp1252", errors="replace")


def _is_fhir(path: Path) -> bool:
    """One JSON value, or one on each line, of which the first is looked at."""
    if path.stat().st_size > _MOST_JSON:
        return False
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (ValueError, OSError):
        return False
    return _is_resource(content) or _is_resource(content.lstrip().partition("\n")[0])


def _is_resource(content: str) -> bool:
    try:
        made = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(made, dict) and isinstance(made.get("resourceType"), str)
