"""Which passwords are refused beyond the rules of Django: the service's own words, and those known from breaches elsewhere."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ServiceWordsValidator:
    """A password must be long enough without the words that everybody here thinks of first."""

    WORDS: ClassVar[tuple[str, ...]] = (
        "cartguide", "cartherapy", "cartcell", "cart", "guide", "therapy", "treatment", "cancer", "tumor", "pancreas", "pancreatic", "leukemia",
        "lymphoma", "myeloma", "oncology", "hospital", "clinic", "doctor", "patient", "record", "health", "hope", "survivor", "password",
    )  # fmt: skip
    LEAST = 8  # letters and digits that are left

    def validate(self, password: str, user: Any = None) -> None:
        left = re.sub(r"[\W_]+", "", password.lower())
        hosts = [part for host in settings.ALLOWED_HOSTS for part in host.lower().split(".") if len(part) > 3]
        for word in sorted({*self.WORDS, *hosts}, key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < self.LEAST:
            raise ValidationError(
                _("This password is easy to guess here. Add words that have nothing to do with this site."), code="service_words"
            )

    def get_help_text(self) -> str:
        return _("Use words that have nothing to do with this site.")


class BreachedValidator:
    """Asks a sorted file of fingerprints (40 digits of SHA-1 at the start of each line, as Have I Been Pwned gives them out), and nobody on the
    network: asking there would tell that somebody signs up here. settings.BREACHED_PASSWORDS names the file; none: nothing is asked."""

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS
        if path and is_listed(Path(path), hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
            raise ValidationError(_("This password was stolen from another site and is known. Choose another one."), code="breached")

    def get_help_text(self) -> str:
        return ""


def is_listed(path: Path, fingerprint: str) -> bool:
    """Whether a line of the sorted file begins so. About thirty short reads, however long the file is."""
    wanted = fingerprint.encode()
    with path.open("rb") as stream:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            stream.seek(middle)
            if middle:
                stream.readline()  # the rest of a line that began before
            line = stream.readline()
            if not line or line[:40].upper() > wanted:
                high = middle
            elif line[:40].upper() == wanted:
                return True
            else:
                low = middle + 1
        # the line that begins at `low`, which no middle may have led to
        stream.seek(0)
        return stream.readline()[:40].upper() == wanted
