"""What a page says, as a person reads it."""

from __future__ import annotations

from typing import Any


def said(element: Any) -> str:
    """The words of an element of a page, with single spaces."""
    return " ".join(element.text_content().split())
