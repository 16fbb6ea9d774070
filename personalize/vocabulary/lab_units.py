"""Lab names and units as closed tables: what an analyte is called, which units it comes in, and how they convert.

analyte_named("CA 19-9")                       its entry
in_usual_unit("Creatinine", 88, "µmol/l")      (0.995.., "mg/dL"); None for a unit that the analyte does not come in
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from personalize.vocabulary import load


@dataclass(frozen=True, slots=True)
class Analyte:
    """name as shown, sub as trial rules ask for it, unit: the one that rules compare in, factors: folded unit spelling → factor into it.
    possible: (least, most) in `unit` that anybody ever had, None where no number is too strange."""

    name: str
    sub: str
    loinc: str | None
    unit: str
    factors: tuple[tuple[str, float], ...]
    words: tuple[str, ...]
    possible: tuple[float, float] | None = None

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: "absolute neutrophil count", but "CA 19-9", "eGFR" and "WBC"."""
        return self.name[0].lower() + self.name[1:] if self.name[1:2].islower() else self.name

    def factor(self, unit: str) -> float | None:
        return dict(self.factors).get(fold_unit(unit))

    def mended(self, unit: str) -> str:
        """The unit with a micro sign that was misread as another letter ("pmol/l" of creatinine); as given where it is one of its own."""
        folded = fold_unit(unit)
        is_misread = folded[:1] in ("p", "j", "y") and self.factor(folded) is None and self.factor(f"u{folded[1:]}") is not None
        return f"\u00b5{folded[1:]}" if is_misread else unit


def fold_unit(unit: str) -> str:
    """One spelling for all that mean the same: letter case, micro signs, spaces and powers."""
    folded = (
        unit.lower()
        .replace("\u00b5", "u")
        .replace("\u03bc", "u")
        .replace("mcg", "ug")
        .replace("mcl", "ul")
        .replace("\u00b2", "2")
        .replace("\u00b3", "3")
    )
    return re.sub(r"[\s^*]|(?<=10)e(?=\d)|^x(?=10)", "", folded)


@cache
def analytes() -> tuple[Analyte, ...]:
    rows: list[dict[str, Any]] = load("labs")["lab"]
    return tuple(
        Analyte(
            name=one["name"],
            sub=one["sub"],
            loinc=one.get("loinc"),
            unit=one["unit"],
            factors=tuple({fold_unit(unit): float(factor) for unit, factor in one["units"].items()}.items()),
            words=tuple(word.strip() for word in one["words"].split(";") if word.strip()),
            possible=tuple(one["possible"]) if "possible" in one else None,
        )
        for one in rows
    )


@cache
def analyte_named(name: str) -> Analyte | None:
    """By the name that profiles show or the one that trial rules use."""
    return next((one for one in analytes() if name in (one.name, one.sub)), None)


def lab_in_sentence(name: str) -> str:
    """As people read it: "anc" is "absolute neutrophil count"; a name that is not listed stays."""
    analyte = analyte_named(name)
    return analyte.in_sentence if analyte else name.replace("_", " ")


def in_usual_unit(name: str, value: float, unit: str | None) -> tuple[float, str] | None:
    """The value in the analyte's usual unit. A count without a unit below 1000 is taken as thousands (platelets 142), None if unsure."""
    analyte = analyte_named(name)
    if analyte is None:
        return None
    if not unit:
        if analyte.unit == "/uL":
            return value * (1000 if value < (30 if analyte.sub != "platelets" else 2000) else 1), analyte.unit
        return value, analyte.unit
    factor = analyte.factor(unit)
    return (value * factor, analyte.unit) if factor is not None else None
