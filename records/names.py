"""How stored files are called: "owner/blob", both 32 hexadecimal digits that say nothing."""

from __future__ import annotations

import re

WHOLE = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}")


def checked(name: str) -> str:
    """The name, if we made it. Raises ValueError."""
    if not WHOLE.fullmatch(name):
        raise ValueError("not a name of a stored file")
    return name
