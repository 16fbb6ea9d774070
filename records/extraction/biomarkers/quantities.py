"""Numbers of marker results: per cent of cells, intensity, TPS and CPS, mutations per megabase, allele fraction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from records.extraction.patterns import lazy

_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_GRAMMAR = lazy(
    rf"(?P<cps>\bCPS|\bcombined positive score(?: \(CPS\))?)[ ]?(?:score)?[ ]?(?:is|was|of|:|="
    rf"|-)?[ ]?(?P<cps_c>[<>]=?)?[ ]?(?P<cps_n>\d{{1,3}}(?:[.,]\d)?)"
    rf"|(?P<tps>\bTPS|\btumou?r proportion score(?: \(TPS\))?|\bTC(?= ?[:=])|\bIC(?= ?[:=]))[ ]?(?:score)?[ ]?(?:is|was"
    rf"|of|:|=|-)?[ ]?(?P<tps_c>[<>]=?)?[ ]?(?P<tps_n>\d{{1,3}}(?:[.,]\d)?(?:[ ]?-[ ]?\d{{1,3}})?)[ ]?%?"
    rf"|(?P<tmb>(?P<tmb_c>[<>]=?)?[ ]?(?P<tmb_n>{_NUMBER})[ ]?(?:mut(?:ation)?s?|variants?|m)?[ ]?(?:/|per)[ ]?(?:Mb\b|megabase))"
    r"|(?P<vaf>\b(?:VAF|MAF|AF|allele (?:fraction|frequency)|variant allele (?:fraction|frequency)"
    r"|mutant allele (?:fraction|frequency)|allelic fraction)[ ]?(?:\((?:VAF|AF)\))?[ ]?(?:is|was|of|:"
    r"|=)?[ ]?(?P<vaf_n>\d{1,2}(?:[.,]\d{1,2})?|100|0?\.\d{1,3})[ ]?%?)"
    r"|(?P<ratio>\b(?:HER-?2(?:/neu)?(?: ?(?:/|:|to) ?(?:CEP|chromosome"
    r"|D17Z1)[ -]?(?:17)?)? )?(?:signal )?ratio[ ]?(?:of|is|was|:|=)?[ ]?(?P<ratio_n>\d{1,2}(?:[.,]\d{1,2})?))"
    r"|(?P<hscore>\bH-?score[ ]?(?:of|is|:|=)?[ ]?(?P<hscore_n>\d{1,3}))"
    r"|(?P<plus>(?<![\w.+(])\(?(?P<plus_n>[0-3][ ]?\+(?:[ ]?(?:/|-|to)[ ]?[0-3]?[ ]?\+)?)(?:/3\+)?(?![\w+]))"
    r"|(?P<score>\b(?:score|intensity|grade|IHC|scored as|scored|staining intensity)[ ]?(?:of|is|as|:"
    r"|=)?[ ]?\(?(?P<score_n>[0-3](?!\d|[.,]\d|[ ]?%)(?:[ ]?\+)?(?:[ ]?(?:/|-|to)[ ]?[0-3][ ]?\+)?)\)?(?![\w/.]))"
    rf"|(?P<percent>(?P<percent_c>[<>~]=?|less than|greater than|more than|approximately|about|up to"
    rf"|at least)?[ ]?(?P<percent_n>{_NUMBER}(?:[ ]?(?:-|to)[ ]?\d{{1,3}})?)[ ]?(?:%|percent\b|per cent\b)(?:[ ]?(?:-"
    rf"|to)[ ]?\d{{1,3}}[ ]?%)?)"
    r"|(?P<misread>(?<![\w.,])(?P<misread_n>\d{1,2}|100)[ ]?[8Z][ ]?(?=nuclear|of (?:the )?(?:nuclei|cells|tumou?r)|of invasive|staining))"
    r"|(?P<zero>(?<=[(:=])[ ]?(?P<zero_n>0)(?=[ ]?\)|$|[ ]?[,;.]))"
    r"|(?P<bare>(?<=\bER )(?P<bare_n>0|[1-9]\d|100)(?=[ ]?(?:$|[,;.)](?!\d)|(?:and )?(?:PR|PgR|HER-?2)\b))"
    r"|(?<=\b(?:PR) )(?P<bare2_n>0|[1-9]\d|100)(?=[ ]?(?:$|[,;.)](?!\d)|(?:and )?(?:ER|HER-?2)\b)))"  # "ER 95 PR 20 HER2 0"
    r"|(?P<hrd>(?:\bGIS|(?<=HRD score)|(?<=deficiency) score|(?<=instability score))[ ]?(?:\(GIS\))?[ ]?(?:of|is|:|=)?[ ]?(?P<hrd_n>\d{1,3}))",
    re.I,
)
_KINDS = ("cps", "tps", "tmb", "vaf", "ratio", "hscore", "plus", "score", "percent", "misread", "zero", "bare", "hrd")


@dataclass(frozen=True, slots=True)
class Quantity:
    """[start, end) in the text. kind: cps tps tmb vaf ratio hscore plus percent hrd. number: the (lower) number; shown: as a detail says it."""

    start: int
    end: int
    kind: str
    number: float
    comparator: str
    shown: str


def quantities_in(text: str) -> Iterator[Quantity]:
    """All quantities in order."""
    if not any(letter.isdigit() for letter in text):
        return
    for found in _GRAMMAR.finditer(text):
        kind = next(name for name in _KINDS if found[name] is not None)
        written = found[f"{kind}_n"] or found["bare2_n"]
        number = _number(written)
        comparator = _comparator(found[f"{kind}_c"]) if kind in ("cps", "tps", "tmb", "percent") else ""
        if kind == "percent" and number > 100:
            continue
        if kind == "vaf" and number < 1 and "%" not in found.group(0):
            number *= 100
        start = found.start() + len(found.group(0)) - len(found.group(0).lstrip(" ("))
        kind = {"score": "plus", "zero": "plus", "misread": "percent", "bare": "percent"}.get(kind, kind)  # OCR reads "%" as 8 or Z
        yield Quantity(start, found.end(), kind, number, comparator, _shown(kind, written, number, comparator))


def _number(written: str) -> float:
    first = re.match(r"\d*(?:[.,]\d+)?", written)
    return float((first.group(0) if first and first.group(0) else "0").replace(",", "."))


def _comparator(said: str | None) -> str:
    words = (said or "").strip().lower()
    return {
        "less than": "<",
        "greater than": ">",
        "more than": ">",
        "at least": ">",
        "~": "",
        "approximately": "",
        "about": "",
        "up to": "<",
    }.get(words, words)


def _shown(kind: str, written: str, number: float, comparator: str) -> str:
    plain = " ".join(written.replace(",", ".").split())
    if kind == "cps":
        return f"CPS {comparator}{plain}"
    if kind == "tps":
        return f"TPS {comparator}{plain}%"
    if kind == "tmb":
        return f"{comparator}{plain} mut/Mb"
    if kind == "vaf":
        return f"VAF {number:g}%"
    if kind == "ratio":
        return f"ratio {plain}"
    if kind == "hscore":
        return f"H-score {plain}"
    if kind == "hrd":
        return f"score {plain}"
    if kind == "plus":
        compact = plain.replace(" ", "").replace("to", " to ")
        return compact if "+" in compact or compact == "0" else f"{compact}+"
    return f"{comparator}{plain}%"
