"""Bodies that are sent to the API, within limits: what is too large, too deep or no text at all is a problem, not a crash."""

from __future__ import annotations

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 256 * 1024
MOST_PIECE = 1024 * 1024
_TOO_LARGE = "This body is larger than 256 kilobytes."


class SmallJSONParser(BaseParser):
    """UTF-8 JSON of at most MOST_BYTES. Raises ParseError."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ParseError(_TOO_LARGE)
        try:
            made = json.loads(content.decode("utf-8"), parse_constant=_refused)
            json.dumps(made, ensure_ascii=False).encode("utf-8")  # halves of characters have no bytes
        except (ValueError, RecursionError):
            raise ParseError("This body is not JSON that we can read.") from None
        return made


def _refused(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


class PieceParser(BaseParser):
    """At most MOST_PIECE bytes as they are. Raises ParseError."""

    media_type = "application/octet-stream"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> bytes:
        content = stream.read(MOST_PIECE + 1)
        if len(content) > MOST_PIECE:
            raise ParseError("This piece is larger than a megabyte.")
        return content
