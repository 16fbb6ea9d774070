"""Laboratory limits in the units of the profile, and which of them can be meant."""

from __future__ import annotations

import re

from personalize.eligibility.numbers import Limit

_COUNTS = ("anc", "platelets", "wbc", "alc")
_PLAUSIBLE = {
    "anc": (100, 10000), "platelets": (5000, 1000000), "wbc": (500, 200000), "alc": (50, 100000), "hemoglobin": (4, 20), "bilirubin": (0.5, 15),
    "direct_bilirubin": (0.1, 10), "creatinine": (0.5, 8), "egfr_crcl": (10, 150), "alt": (20, 1000), "ast": (20, 1000), "ast_alt": (20, 1000),
    "lvef": (15, 80),
    "spo2": (80, 100), "albumin": (1, 6), "inr": (0.8, 5), "aptt": (10, 100), "pt": (8, 60), "qtc": (380, 600), "lipase": (10, 1000), "alp": (20, 3000),
    "fibrinogen": (0.3, 8), "calcium": (6, 16), "marrow_blasts": (0, 100),
}  # fmt: skip
_UNITS = {"hemoglobin": "g/dL", "albumin": "g/dL", "bilirubin": "mg/dL", "direct_bilirubin": "mg/dL", "creatinine": "mg/dL", "egfr_crcl": "mL/min", "lvef": "%",
          "spo2": "%", "inr": "ratio", "qtc": "ms", "alt": "U/L", "ast": "U/L", "ast_alt": "U/L", "aptt": "s", "pt": "s", "lipase": "U/L", "alp": "U/L",
          "fibrinogen": "g/L", "calcium": "mg/dL", "marrow_blasts": "%"}  # fmt: skip


def normal(sub: str, limit: Limit) -> tuple[float, str] | None:
    """The limit in the units of the profile: counts per microlitre, g/dL, mg/dL, mL/min, % or x ULN. None where it cannot be this analyte."""
    rest, number = limit.rest.strip(), limit.number
    if limit.is_times_uln:
        return (number, "xULN") if 0.5 <= number <= 20 else None
    if sub in _COUNTS:
        value, unit = _count(number, limit.power, rest), "/uL"
    else:
        value, unit = _concentration(sub, number, rest), _UNITS[sub]
    low, high = _PLAUSIBLE[sub]
    if sub == "aptt" and number < 5:
        return number, "xULN"
    if sub in ("alt", "ast", "ast_alt", "alp", "lipase", "pt") and 1 <= number <= 10 and (not rest or rest[0] in "x,.)("):
        return number, "xULN"
    return (value, unit) if low <= value <= high else None


def _count(number: float, power: int | None, rest: str) -> float:
    if power in (9, 109) or (power is None and re.match(r"(?:x ?)?10 ?(?:\^|e)? ?9|x ?109", rest)):
        return number * 1000
    if power in (3, 103) and not rest.startswith("/l"):
        return number * 1000
    if power in (6,) and rest.startswith("/l"):
        return number
    if power == 10 or power == 12:
        return number * 1000
    if number < 20 and (rest.startswith(("g/l", "k/", "/nl", "giga", "thou")) or not rest or rest[0] in ",.)"):
        return number * 1000
    if number < 500 and re.match(r"k/|k\b|g/l|/nl|giga|thousand", rest):
        return number * 1000
    return number


def _concentration(sub: str, number: float, rest: str) -> float:
    if sub in ("hemoglobin", "albumin"):
        if rest.startswith("mmol"):
            return round(number * 1.611, 1)
        return number / 10 if number > 20 or (re.match(r"gm?s?/l\b", rest) and number > 15) else number
    if sub in ("bilirubin", "direct_bilirubin") and (rest.startswith(("umol", "mcmol", "micromol")) or number > 16):
        return round(number / 17.1, 2)
    if sub == "creatinine" and (rest.startswith(("umol", "mcmol", "micromol")) or number > 30):
        return round(number / 88.4, 2)
    if sub == "fibrinogen" and number > 20:
        return number / 100
    if sub in ("lvef", "spo2") and number <= 1:
        return number * 100
    if sub == "calcium" and rest.startswith("mmol"):
        return round(number * 4.008, 1)
    return number
