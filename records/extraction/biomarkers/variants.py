"""Alterations as they are printed, brought to one spelling: HGVS protein change, coding change, fusion, copy number, exon event.

    changes_in("KRAS c.35G>A p.Gly12Asp")   c.35G>A and p.G12D, each with its span
Residue letters are checked. A bare "G12D" is given too: only its caller knows whether it stands beside a gene (`needs_gene`).
Sources: HGVS nomenclature (hgvs-nomenclature.org), recommendations for protein, DNA and fusions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from records.extraction.patterns import lazy

_THREE = {
    "ala": "A",
    "arg": "R",
    "asn": "N",
    "asp": "D",
    "cys": "C",
    "gln": "Q",
    "glu": "E",
    "gly": "G",
    "his": "H",
    "ile": "I",
    "leu": "L",
    "lys": "K",
    "met": "M",
    "phe": "F",
    "pro": "P",
    "ser": "S",
    "thr": "T",
    "trp": "W",
    "tyr": "Y",
    "val": "V",
    "ter": "*",
    "stop": "*",
}
_LONG = "|".join(_THREE)
_ONE = "ACDEFGHIKLMNPQRSTVWY"
_RESIDUE = rf"(?:{_LONG}|[{_ONE}])"
_TAIL = (
    rf"(?:fs(?:[ ]?(?:\*|Ter|X)[ ]?\d{{0,4}})?|(?:{_LONG}|[{_ONE}])fs(?:[ ]?(?:\*|Ter|X)[ ]?\d{{0,4}})?"
    rf"|delins(?:(?:{_LONG})+|[{_ONE}]+)?|del(?:ins)?[{_ONE}]{{0,6}}\d?|dup|ins(?:(?:{_LONG})+|[{_ONE}]+|\d+)|{_LONG}"
    rf"|[{_ONE}*X=])"
)
_PROTEIN = lazy(
    (
        rf"(?<![A-Za-z0-9.])(?P<p>p\.[ ]?|p[ ](?=\())?\(?(?P<r1>{_RESIDUE}"
        rf"|\*)[ ]?(?P<n1>\d{{1,4}})(?:[ ]?[_-][ ]?(?P<r2>{_RESIDUE})(?P<n2>\d{{1,4}})"
        rf"|[ ](?P<r3>[{_ONE}])(?P<n3>\d{{2,4}})(?=del|ins|dup))?(?P<tail>[ ]?{_TAIL})(?![A-Za-z0-9])\)?"
    ),
    re.I,
)
_SPACED = lazy(r"(?P<r>[A-Z])[ ]\d|\d[ ][A-Z*]")
_CODING = lazy(
    (
        r"(?<![A-Za-z0-9.])c\.[ ]?[-*]?\d{1,6}(?:[+-]\d{1,4})?(?:_[-*]?\d{1,6}(?:[+-]\d{1,4})?)?[ "
        r"]?(?:[ACGT]{1,12}>[ACGT]{1,12}|delins[ACGT]*|del[ACGT]*\d*|dup[ACGT]*|ins[ACGT]+|inv|[ACGT]>[ACGT])"
    ),
    re.I,
)
_EXON = lazy(
    (
        r"\b(?:(?:in-?frame )?(?P<a>deletion|del|insertion|ins|skipping|skip|duplication|loss)s?(?: mutations?)?(?: (?:in"
        r"|of|within))? exons? (?P<an>\d{1,2})|exons? (?P<bn>\d{1,2})(?:-\d{1,2})?[ -]?(?:in-?frame )?(?P<b>deletion|del"
        r"|insertion|ins|skipping|skip|duplication)s?|(?:E|Ex)[ ]?(?P<cn>1[4-9]|2[01])[ ]?(?P<c>del|ins)"
        r"|ex(?P<dn>\d\d)(?P<d>del|ins|skip))\b"
    ),
    re.I,
)
_FUSION = lazy(
    r"(?<![A-Za-z0-9])(?P<a>[A-Z][A-Z0-9-]{1,9}?)(?P<sep>::|-|/"
    r"|[ ]-[ ])(?P<b>[A-Z][A-Z0-9]{1,9}(?:-\d)?)(?P<noun>[ ]+(?:gene[ ]+)?(?:fusion|rearrangement|translocation"
    r"|fusion transcript))?(?![A-Za-z0-9])"
)
_EVENT = lazy(
    r"\b(?P<deletion>(?:(?:homozygous|biallelic|hemizygous|heterozygous|deep|whole gene|complete|partial|large|focal"
    r"|single copy)[ ]+(?:gene[ ]+)?(?:deletion|del|loss)|copy[ -]number loss|copy loss|homdel|gene deletion"
    r"|(?:deletion|loss)(?= \((?:homo|bial|hetero|copy|exon)|, exons? | exons? \d))|(?:deletion|loss) \((?:homozygous"
    r"|biallelic)[^()]{0,20}\))"
    r"|\b(?P<splice>splice[ -]site(?: (?:mutation|variant))?(?: [\d+_-]+[ACGT]>[ACGT])?)"
    r"|(?P<promoter>\bpromoter[ -](?:mutation |variant )?(?:\(?c?\.?-?\d{2,3}[ACGT]>[ACGT]\)?)|-1(?:24|46)C>T)"
    r"|\b(?P<itd>internal tandem duplication|ITD|TKD)\b"
    r"|\b(?P<truncation>frame-?shift|truncating|truncation|nonsense|frameshifting)\b",
    re.I,
)


class ChangeKind(StrEnum):
    """PROTEIN p., CODING c., FUSION A::B, and the events that have no coordinates."""

    PROTEIN = "protein"
    CODING = "coding"
    FUSION = "fusion"
    EXON = "exon"
    DELETION = "deletion"
    SPLICE = "splice"
    PROMOTER = "promoter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """[start, end) in the text. name: "p.G12D", "c.35G>A", "EML4::ALK", "exon 19 deletion", "amplification".

    needs_gene: without a gene beside it, it may be anything (a slide's number). is_repaired: an OCR slip was put right. genes: of a fusion.
    """

    start: int
    end: int
    kind: ChangeKind
    name: str
    needs_gene: bool = False
    is_repaired: bool = False
    genes: tuple[str, ...] = ()


def changes_in(text: str) -> list[Change]:
    """All alterations of one segment in order, longest first where they overlap. Linear in the length of the text."""
    found = [*_exons(text), *_proteins(text), *_codings(text), *_fusions(text), *_events(text)]
    found.sort(key=lambda one: (one.start, -one.end))  # stable: "E19del" stays an exon's
    kept: list[Change] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _proteins(text: str) -> Iterator[Change]:
    for found in _PROTEIN.finditer(text):
        name = _protein_name(found)
        if name is None:
            continue
        end = found.end()
        if text[found.start() : end].count("(") < text[found.start() : end].count(")"):
            end -= 1
        is_short = not found["p"] and found["r1"].lower() not in _THREE
        yield Change(found.start(), end, ChangeKind.PROTEIN, name, needs_gene=is_short)


def _protein_name(found: re.Match[str]) -> str | None:
    """None for letters that are no residues, for lower-case words ("a 5 d") and for spaced letters without "p."."""
    tail = found["tail"].strip()
    if not found["p"]:
        if not found["r1"][0].isupper() or (len(tail) == 1 and tail.islower()) or (tail.lower() == "x" and int(found["n1"]) < 10):
            return None
        if found["r1"].lower() not in _THREE and (
            (found["tail"][0] == " " and not tail.lower().startswith(("fs", "del", "ins", "dup"))) or _SPACED.match(found.group(0))
        ):
            return None
        if tail == "=":
            return None
    first = _one_letter(found["r1"]) + found["n1"].lstrip("0")
    second_letter, second_number = (found["r2"], found["n2"]) if found["r2"] else (found["r3"], found["n3"])
    between = f"_{_one_letter(second_letter)}{second_number}" if second_letter else ""
    return f"p.{first}{between}{_tail(tail, bool(between))}" if found["n1"].lstrip("0") else None


def _one_letter(residue: str) -> str:
    return _THREE.get(residue.lower(), residue.upper())


def _tail(tail: str, is_range: bool) -> str:
    """fs in short form keeps its stop: "Argfs*22" → "Rfs*22"."""
    low = tail.lower()
    if "fs" in low:
        letter, _, stop = low.partition("fs")
        number = re.sub(r"\D", "", stop)
        return (_one_letter(letter) if letter else "") + "fs" + (f"*{number}" if number else "")
    for word in ("delins", "ins"):
        if low.startswith(word):
            return word + re.sub(_LONG, lambda one: _THREE[one.group(0).lower()], tail[len(word) :], flags=re.I).upper()
    if low.startswith("del"):
        return "del"
    if low.startswith("dup"):
        return "dup"
    if low in ("x", "*"):
        return "*"
    return _one_letter(tail)


def _codings(text: str) -> Iterator[Change]:
    for found in _CODING.finditer(text):
        name = re.sub(r"\s", "", found.group(0))
        name = "c." + re.sub(
            r"(?i)(del|ins|dup|inv)|[acgt]", lambda one: one.group(0).lower() if one.group(1) else one.group(0).upper(), name[2:]
        )
        yield Change(found.start(), found.end(), ChangeKind.CODING, name)


_EXON_WORDS = {"del": "deletion", "ins": "insertion", "skip": "skipping", "loss": "deletion"}


def _exons(text: str) -> Iterator[Change]:
    if "x" not in text and "X" not in text and "E1" not in text and "E2" not in text:
        return
    for found in _EXON.finditer(text):
        number = next(found[name] for name in ("an", "bn", "cn", "dn") if found[name])
        word = next(found[name] for name in ("a", "b", "c", "d") if found[name]).lower()
        yield Change(found.start(), found.end(), ChangeKind.EXON, f"exon {int(number)} {_EXON_WORDS.get(word, word)}")


def _fusions(text: str) -> Iterator[Change]:
    """ "A::B" always; "A-B" and "A/B" only with the noun behind it."""
    for found in _FUSION.finditer(text):
        if found["sep"] == "::" or found["noun"]:
            a, b = found["a"].strip("-"), found["b"]
            yield Change(found.start(), found.end(), ChangeKind.FUSION, f"{a}::{b}", needs_gene=found["sep"] != "::", genes=(a, b))


_EVENT_KINDS = {
    "deletion": ChangeKind.DELETION,
    "splice": ChangeKind.SPLICE,
    "promoter": ChangeKind.PROMOTER,
    "itd": ChangeKind.OTHER,
    "truncation": ChangeKind.OTHER,
}


def _events(text: str) -> Iterator[Change]:
    for found in _EVENT.finditer(text):
        group = next(name for name in _EVENT_KINDS if found[name])
        said = " ".join(found.group(0).split())
        yield Change(
            found.start(),
            found.end(),
            _EVENT_KINDS[group],
            said.upper() if group == "itd" and len(said) == 3 else said[0].lower() + said[1:],
            needs_gene=True,
        )


# --- OCR slips -----------------------------------------------------------------------------------------------------

# Frequent changes by gene: only a slip that reads as one of these is put right. Source: COSMIC, the usual hot spots.
_HOT = {
    **dict.fromkeys(
        ("KRAS", "NRAS", "HRAS"),
        "G12A G12C G12D G12F G12R G12S G12V G13A G13C G13D G13R G13V Q61E Q61H Q61K Q61L Q61P Q61R K117N A146P A146T A146V A59T A59E",
    ),
    "BRAF": "V600E V600K V600R V600D K601E G469A D594G",
    "EGFR": "L858R T790M C797S L861Q G719A G719C G719S S768I",
    "PIK3CA": "E542K E545K H1047R H1047L Q546K",
    "TP53": "R175H R248Q R248W R273C R273H R282W G245S R249S Y220C",
    "IDH1": "R132C R132H R132G R132S R132L",
    "IDH2": "R140Q R172K",
    "GNAS": "R201C R201H",
    "JAK2": "V617F",
    "MYD88": "L265P",
    "KIT": "D816V",
    "AKT1": "E17K",
    "GNAQ": "Q209L Q209P",
    "GNA11": "Q209L Q209P",
    "CTNNB1": "S45F T41A S37F S33C D32Y",
}
_LOOK = str.maketrans(
    {
        "O": "0",
        "D": "0",
        "Q": "0",
        "I": "1",
        "l": "1",
        "|": "1",
        "L": "1",
        "i": "1",
        "!": "1",
        "S": "5",
        "s": "5",
        "B": "8",
        "Z": "2",
        "z": "2",
        "o": "0",
        "6": "6",
    }
)
_SLOT = lazy(r"[ (:,-]{0,3}(?:p\.[ ]?)?(?P<word>[A-Za-z0-9|!]{3,7})(?![A-Za-z0-9])")


def repaired_change(gene: str, text: str, position: int) -> Change | None:
    """The hot spot that an OCR slip right behind the gene stands for ("GI2D", "G120" → p.G12D). None unless exactly one fits."""
    found = _SLOT.match(text, position)
    if found is None or gene not in _HOT or not any(letter.isdigit() for letter in found["word"]):
        return None
    word = found["word"]
    fitting = [spot for spot in _HOT[gene].split() if word.translate(_LOOK).upper() == spot.translate(_LOOK).upper()]
    if len(fitting) != 1:
        return None
    is_repaired = word != fitting[0]
    return Change(found.start("word"), found.end("word"), ChangeKind.PROTEIN, f"p.{fitting[0]}", is_repaired=is_repaired)
