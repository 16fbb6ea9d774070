"""Structured files made to hurt, sent like any other: each ends in its code, and the next file is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from records.models import Document
from tests.factories import make_patient, make_read_document

pytestmark = pytest.mark.django_db
_CCDA = b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&x;</title></ClinicalDocument>'


def outside() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE ClinicalDocument [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _CCDA


def laughs() -> bytes:
    steps = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE ClinicalDocument [<!ENTITY l0 "ha">' + steps + b'<!ENTITY x "&l9;">]>' + _CCDA


def deep_xml() -> bytes:
    return b'<ClinicalDocument xmlns="urn:hl7-org:v3">' + b"<component>" * 50_000 + b"</component>" * 50_000 + b"</ClinicalDocument>"


def deep_bundle() -> bytes:
    return b'{"resourceType": "Bundle", "entry": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def endless_bundle() -> bytes:
    return b'{"resourceType": "Bundle", "type": "collection", "entry": [' + b"{}," * 999_999 + b"{}]}"


HOSTILE: dict[str, tuple[Callable[[], bytes], str, set[str]]] = {
    "entity from outside": (outside, "a.xml", {"damaged"}),
    "billion laughs": (laughs, "b.xml", {"damaged"}),
    "deep xml": (deep_xml, "c.xml", {"damaged", "too_large"}),
    "deep bundle": (deep_bundle, "d.json", {"damaged", "too_large", "unsupported"}),
    "a million entries": (endless_bundle, "e.json", {"too_large"}),
}


def test_each_ends_in_its_code_and_the_next_file_is_read(alice: Any) -> None:
    patient = make_patient(alice)
    ended = {what: make_read_document(patient, make(), name=name).failure_code for what, (make, name, _codes) in HOSTILE.items()}
    assert not {what: code for what, code in ended.items() if code not in HOSTILE[what][2]}
    good = b'{"resourceType": "Condition", "code": {"text": "Pancreatic ductal adenocarcinoma"}, "recordedDate": "2026-03-14"}'
    assert make_read_document(patient, good, name="good.json").status == "ready"
    assert not any("root:" in page.text for one in Document.objects.filter(patient=patient) for page in one.pages.all())
