"""The names of markers in a text: genes by HGNC symbol and alias, proteins, signatures, viruses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from personalize.vocabulary import Lexicon, load
from records.extraction.patterns import lazy

GENE, STAIN, MISMATCH, SIGNATURE, VIRUS = "gene", "stain", "mismatch", "signature", "virus"
REPAIR_PROTEINS = ("MLH1", "PMS2", "MSH2", "MSH6")


@dataclass(frozen=True, slots=True)
class Marker:
    """names: one, or those that are written as one ("BRCA1/2"). kind: gene stain mismatch signature virus.

    is_also_serum: a blood test has the same name. needs_capitals: its short form is a common word. percent_positive: from which share
    of cells a bare number is a call; None where no rule of thumb exists. says: the kind of result that the word itself tells ("MSS").
    """

    names: tuple[str, ...]
    kind: str
    is_also_serum: bool = False
    needs_capitals: bool = False
    percent_positive: float | None = None
    says: str | None = None

    @property
    def name(self) -> str:
        return self.names[0]


# Symbols that are also words or abbreviations of clinic notes: right only in capitals and right beside a result.
_ALSO_WORDS = frozenset(
    [
        "MET",
        "RET",
        "KIT",
        "CAD",
        "MAX",
        "REL",
        "FAS",
        "KEL",
        "JUN",
        "FH",
        "SRC",
        "TEK",
        "APC",
        "CIC",
        "FUS",
        "MAF",
        "LYN",
        "SYK",
        "MPL",
        "CALR",
        "CBL",
        "AR",
        "ATM",
        "ATR",
        "ALK",
        "AIP",
        "MDC1",
        "ABL1",
        "MYB",
        "RB",
        "KDR",
        "TERT",
        "TERC",
        "RARA",
        "ERG",
        "WT1",
        "POLE",
        "SMO",
        "RON",
        "MER",
        "NUT",
        "HGF",
        "GATA1",
        "BLM",
        "CFTR",
        "FLCN",
        "PML",
        "PTEN",
        "VHL",
        "AXL",
        "LTK",
        "BTK",
        "EED",
        "ETV1",
        "CIITA",
        "IGF1",
        "IGF2",
        "GREM1",
        "NBN",
        "BCR",
        "B2M",
        "MGA",
        "MITF",
        "ER",
        "PR",
        "HR",
        "RAS",
        "BRCA",
        "IDH",
        "NF1",
        "NF2",
        "EMA",
        "PSA",
        "AFP",
        "CEA",
        "NSE",
        "LCA",
        "HPV",
        "EBV",
        "MSI",
        "MMR",
        "TMB",
        "HRD",
        "LOH",
        "TDT",
        "ALL",
    ]
)
_SHORT = lazy(r"[A-Za-z]{2,4}\d?$")


@cache
def marker_lexicon() -> Lexicon[Marker]:
    """Every name of every marker."""
    genes: dict[str, Any] = load("genes")
    pairs: list[tuple[str, Marker]] = []
    stains: list[dict[str, Any]] = load("markers")["marker"]
    taken = {word.strip() for one in stains for word in one["words"].split(";")}
    for one in stains:
        marker = Marker(
            (one["name"], *_words(one.get("also", ""))),
            one["kind"],
            one.get("is_also_serum", False),
            one.get("needs_capitals", False),
            one.get("percent_positive"),
        )
        pairs += [(word, marker) for word in _words(one["words"])]
        pairs += [(word, replace(marker, says=kind)) for kind, words in one.get("says", {}).items() for word in _words(words)]
    for symbol, aliases in genes["genes"].items():
        marker = Marker((symbol,), GENE)
        pairs += [(word, marker) for word in (symbol.lower(), *_words(aliases)) if word not in taken]
    for one in genes["together"].values():
        names = tuple(_words(one["names"]))
        kind = STAIN if names[0] == "ER" else GENE
        pairs += [(word, Marker(names, kind, percent_positive=1 if kind is STAIN else None)) for word in _words(one["words"])]
    return Lexicon(pairs, is_ocr_tolerant=True)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(";") if word.strip()]


def is_plausible(raw: str, term: str, is_exact: bool) -> bool:
    """Is the matched text a name at all? Short names must stand in capitals; an OCR slip must leave most of the name.

    raw: as printed. "met" is a verb, "MET" may be the gene; "all" is a word.
    """
    if not is_exact:
        return len(term) >= 12 or (
            len(term) >= 4 and any(letter.isdigit() for letter in term) and (any(letter.isupper() for letter in raw) or raw[:1] == "h")
        )
    if _SHORT.match(term) and not term[-1].isdigit():
        return raw.isupper()
    return True


def is_common_word(raw: str) -> bool:
    """Does the name need its result right beside it?"""
    return raw.upper() in _ALSO_WORDS
