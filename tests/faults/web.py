"""The site that takes paper files."""

from __future__ import annotations

import tests.faults.app  # noqa: F401  sets Django up and puts the readers of paper files in place
from portal.wsgi import application

__all__ = ["application"]
