"""Files of text whose truth is known: RTF, HTML, Word, C-CDA and FHIR with the given lines."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Lines = Sequence[str]
Rows = Sequence[Sequence[str]]
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def rtf(lines: Lines) -> bytes:
    escaped = (line.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}") for line in lines)
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs22 " + "\\par\n".join(escaped) + "\\par}").encode("ascii")


def html(lines: Lines, rows: Rows = ()) -> bytes:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<!doctype html><html><head><title>unseen</title></head><body>{paragraphs}{_table(rows)}<script>no()</script></body></html>".encode()


def _table(rows: Rows) -> str:
    made = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{made}</table>" if rows else ""


def docx(lines: Lines, rows: Rows = ()) -> bytes:
    body = "".join(_paragraph(line) for line in lines)
    if rows:
        cells = ("".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
        body += "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    return docx_of(f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')


def docx_of(document: str) -> bytes:
    return zip_of(("[Content_Types].xml", b'<?xml version="1.0"?><Types/>'), ("word/document.xml", document.encode()))


def zip_of(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def ccda(lines: Lines, rows: Rows = ()) -> bytes:
    text = "".join(f"<paragraph>{escape(line)}</paragraph>" for line in lines) + _table(rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3">'
        '<recordTarget><patientRole><patient><name><given>Rosa</given><family>Marigold</family></name><birthTime value="19610514"/>'
        '<administrativeGenderCode code="F"/></patient></patientRole></recordTarget>'
        f"<component><structuredBody><component><section><title>Results</title><text>{text}</text></section></component></structuredBody>"
        "</component></ClinicalDocument>"
    ).encode()


def fhir(lines: Lines) -> bytes:
    """A diagnostic report whose signed form is the lines."""
    content = base64.b64encode("\n".join(lines).encode()).decode()
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": {"text": "Report"},
        "presentedForm": [{"contentType": "text/plain", "data": content}],
    }
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": report}]}).encode()
