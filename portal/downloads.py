"""Names of files that go out."""

from __future__ import annotations

from django.utils.http import content_disposition_header

_NOT_IN_A_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_") | dict.fromkeys(map(chr, range(32)), "_"))


def as_attachment(name: str) -> str:
    """Content-Disposition for a file that is kept, never shown: a name that is no path and that every system can keep."""
    return content_disposition_header(True, name.translate(_NOT_IN_A_NAME).lstrip(".") or "file") or "attachment"
