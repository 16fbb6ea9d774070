"""What treatments are called: drugs, regimens and procedures, and the drugs that the words beside them join to one treatment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from personalize.vocabulary import Lexicon, load
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.segments import Segment

MODIFIERS = frozenset(
    ("leucovorin", "dexamethasone", "prednisone", "prednisolone", "methylprednisolone")
)  # never decide which regimen it is


@dataclass(frozen=True, slots=True)
class Therapy:
    """One entry of the word lists. drugs: RxNorm ingredients, () for procedures. is_general: names no particular treatment.

    organs: groups of sites whose tumours are operated on so, where other diseases are, too.
    """

    name: str
    kind: str
    drugs: tuple[str, ...] = ()
    is_supportive: bool = False
    is_general: bool = False
    is_regimen: bool = False
    is_cancer_operation: bool = True
    is_steroid: bool = False
    organs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A treatment named at [start, end) of its segment. is_under_lines: in a table whose first column numbers the lines of therapy."""

    segment: Segment
    start: int
    end: int
    therapy: Therapy
    is_under_lines: bool = False


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(";") if word.strip()]


def _kind_of(classes: list[str]) -> str:
    if "cell therapy" in classes:
        return "cell_therapy"
    return "systemic"


@cache
def therapy_lexicon() -> Lexicon[tuple[Therapy, bool]]:
    """Every name with its therapy; the flag: a short word that counts by letter case and beside words of treatment only."""
    pairs: list[tuple[str, tuple[Therapy, bool]]] = []
    for therapy, entry in _entries():
        short = _words(entry.get("abbreviations", ""))
        pairs += [(word, (therapy, False)) for word in (entry["name"], *_words(entry.get("words", ""))) if word not in short]
        pairs += [(word, (therapy, True)) for word in short]
    return Lexicon(pairs, is_ocr_tolerant=True)


def _entries() -> Iterator[tuple[Therapy, dict[str, Any]]]:
    for entry in load("drugs")["drug"]:
        yield (
            Therapy(
                entry["name"],
                _kind_of(entry["classes"]),
                (entry["name"],),
                is_supportive=bool(entry.get("supportive")),
                is_steroid="steroid" in entry["classes"],
            ),
            entry,
        )
    for entry in load("regimens")["regimen"]:
        yield Therapy(entry["name"], "systemic", tuple(entry["drugs"]), is_regimen=True), entry
    for entry in load("procedures")["procedure"]:
        yield (
            Therapy(
                entry["name"],
                entry["kind"],
                is_general=bool(entry.get("is_general")),
                is_cancer_operation=bool(entry.get("is_cancer_operation", True)),
                is_steroid=bool(entry.get("is_steroid")),
                organs=tuple(entry.get("organs", ())),
            ),
            entry,
        )


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word for _, entry in _entries() for word in _words(entry.get("abbreviations", "")))


@cache
def _written() -> frozenset[str]:
    """Words of at most four letters as they are written, in capitals, and small where they are small: "RFA" is not "Rfa"."""
    words = {word for _, entry in _entries() for word in (entry["name"], *_words(entry.get("words", ""))) if len(word) <= 4}
    return frozenset(words | {word.upper() for word in words} | {word.capitalize() for word in words if word.islower()})


@cache
def regimen_of(drugs: frozenset[str]) -> Therapy | None:
    """The regimen made of exactly these drugs, folinic acid and steroids aside."""
    wanted = drugs - MODIFIERS
    for therapy, _ in _entries():
        if therapy.is_regimen and len(wanted) > 1 and frozenset(therapy.drugs) - MODIFIERS == wanted:
            return therapy
    return None


_BESIDE = lazy(
    r"chemo|regimen|\bcycles?\b|therap|treated|treatment|infus|receiv|\bstart|\bgiven|adjuvant|\bline\b|\bAUC"
    r"|maintenance|progress|\bC\dD\d|\bx ?\d|mg/m|conditioning|salvage|induction|transplant|\bGy\b|fractions"
    r"|underwent|ablat|refractory|relaps|\bprior\b|finished|completed|\bPD\b",
    re.I,
)
_OTHER_WORDS = lazy(r"^[ -](?:score|joint|section|antigen|sign|pack|cube|water|cold|index)|^ ?\d+/\d{1,2}\b(?! ?(?:/|-|to\b))", re.I)


def names_in(report: Report) -> dict[int, list[Named]]:
    """Segment index → the treatments named there, in order, joined drugs as one. Computed once a report (report.once)."""
    found: dict[int, list[Named]] = {}
    for segment, match in report.find(therapy_lexicon()):
        therapy, is_short = match.entry
        if not match.is_exact and (is_short or len(match.term) < 7):
            continue  # a short word misread is another word
        if is_short and not _is_meant(segment, match.start, match.end):
            continue
        if not is_short and match.end - match.start <= 4 and segment.text[match.start : match.end] not in _written():
            continue
        row = found.setdefault(segment.index, [])
        if row and row[-1].start == match.start:
            if therapy.is_regimen and not row[-1].therapy.is_regimen:
                row[-1] = Named(segment, match.start, match.end, therapy)
            continue
        row.append(Named(segment, match.start, match.end, therapy))
    made = {index: list(_joined(row)) for index, row in found.items()}
    for index in _rows_of_lines(report):
        if index in made:
            made[index] = [replace(one, is_under_lines=True) for one in made[index]]
    return made


_LINES_HEADING = lazy(
    r"^\W*(?:line|lines|LOT|line of therapy|#)\b[ |]+(?:of therapy[ |]+)?(?:regimen|treatment|therapy|drugs?"
    r"|agents?|protocol)",
    re.I,
)


def _rows_of_lines(report: Report) -> Iterator[int]:
    """The segments below a heading row "Line Regimen Start ...", as far as each begins with a number or a dash."""
    for segment in report.segments:
        if _LINES_HEADING.match(segment.text):
            for one in report.after(segment, 12):
                if not re.match(r"\W*\d\b|\W*[-–—]+|\W*(?:planned|current)\b", one.text, re.I):
                    break
                yield one.index


def _is_meant(segment: Segment, start: int, end: int) -> bool:
    said = segment.text[start:end]
    around = segment.text[max(0, start - 45) : start] + " " + segment.text[end : end + 45]
    is_printed_large = segment.text.isupper()  # where every word is in capitals, only a longer short form is known by its letters
    is_known = said.lower() in _abbreviations() and len(said) > 3 if is_printed_large else said in _abbreviations()
    return is_known and bool(_BESIDE.search(around)) and not _OTHER_WORDS.match(segment.text[end:])


_DOSE = (
    r"\d+(?:[,.]\d+)*\.?\s*(?:mg|mcg|g|µg|ug|IU|units?|MU|AUC|%)?(?:/(?:m\s?2|m²|m\(2\)|kg|day|d|week|wk)(?![a-z]))?"
    r"|mg/m2?|AUC ?\d|i\.?v\.?|p\.?o\.?|b\.?i\.?d\.?|daily|weekly|days?|d\d+|q\d+w?|every|low-dose|high-dose|IV|PO|SC|dose|chemotherapy"
    r"|as|a|hours?|infusion|continuous|the|h"
)
_CONNECTED = r"in combination with|(?:combined|along|together|given|concurrent) with|as well as|plus|and|with|[/+&,-]"
_PIECE = lazy(rf"[\s()]*(?:(?P<and>{_CONNECTED})|{_DOSE})", re.I)
_COMMA = lazy(r"^[ ]?[,/][ ]?$")


def _joined(row: list[Named]) -> Iterator[Named]:
    """Drugs that connecting words make one treatment: "gemcitabine 1,000 mg/m2 plus nab-paclitaxel 125 mg/m2"."""
    group: list[Named] = []
    for one in row:
        if group and not _belongs(group, one):
            yield from _made(group)
            group = []
        group.append(one)
    yield from _made(group)


def _belongs(group: list[Named], one: Named) -> bool:
    last = group[-1]
    if last.therapy.kind != "systemic" or one.therapy.kind != "systemic" or not (last.therapy.drugs and one.therapy.drugs):
        return False
    if one.therapy.is_supportive != last.therapy.is_supportive:
        return False
    between = one.segment.text[last.end : one.start]
    if len(between) > 60 or not _connects(between):
        return False
    has_regimen = one.therapy.is_regimen or any(two.therapy.is_regimen for two in group)
    if has_regimen:
        return bool(re.search(r"[+]|plus|combin|with", between, re.I)) or (
            set(one.therapy.drugs) | set(last.therapy.drugs) in ({"liposomal irinotecan", "fluorouracil", "leucovorin"},)
        )
    if not (_COMMA.match(between) and "/" not in between):
        return not (_is_listed_and(between) and _is_list(group[0]))
    return not _is_list(group[0]) and _closes(group, one)


def _connects(between: str) -> bool:
    """Nothing but doses and a connecting word? Every piece is taken whole, never tried again in another way."""
    place, is_connected = 0, False
    while piece := _PIECE.match(between, place):
        place, is_connected = piece.end(), is_connected or piece.group("and") is not None
    return is_connected and not between[place:].strip(" ()")


def _is_listed_and(between: str) -> bool:
    return bool(re.match(r"^,? and ?$", between))


_LIST = lazy(
    r"\b(?:pre-?treated with|prior (?:\w+ ){0,2}(?:therap\w+|treatments?|lines?|agents?|regimens?)[\w :]*"
    r"|previous(?:ly)? (?:\w+ )?(?:treated with|therap\w+|treatments?)[\w :]*|refractory to|exposed to|includ\w+"
    r"|progressed (?:on|through|after)|fail\w+(?: of)?|lines? of[\w :]*)[ :(]*(?:[\w/+-]+(?: [\w-]+)?, (?:and "
    r")?){0,6}$",
    re.I,
)


def _is_list(first: Named) -> bool:
    """ "Pretreated with A, B and C" lists what was given one after another."""
    return bool(_LIST.search(first.segment.text[max(0, first.start - 90) : first.start]))


def _closes(group: list[Named], one: Named) -> bool:
    """A list with commas is one treatment only where "and" or "plus" closes it, or where its drugs make a known regimen."""
    after = one.segment.text[one.end : one.end + 45]
    if re.match(r"[ ]?(?:,| and | \+ | plus |/|, and )", after) or re.match(r"\)", after):
        return not re.match(r"[ ]?(?:\(|from|since|\d)", after)
    return regimen_of(frozenset(drug for two in (*group, one) for drug in two.therapy.drugs)) is not None


def _made(group: list[Named]) -> Iterator[Named]:
    if not group:
        return
    first, last = group[0], group[-1]
    if len(group) == 1:
        yield first
        return
    drugs = tuple(dict.fromkeys(drug for one in group for drug in one.therapy.drugs))
    regimen = regimen_of(frozenset(drugs))
    name = regimen.name if regimen is not None else " + ".join(dict.fromkeys(one.therapy.name for one in group))
    kept = regimen.drugs if regimen is not None and set(drugs) <= set(regimen.drugs) and len(drugs) == len(regimen.drugs) else drugs
    yield replace(first, end=last.end, therapy=Therapy(name, "systemic", kept, is_supportive=first.therapy.is_supportive, is_regimen=True))


@cache
def steroid_names() -> frozenset[str]:
    """The drugs that count as systemic steroids."""
    return frozenset(therapy.name for therapy, _ in _entries() if therapy.is_steroid)


_GENERAL: dict[str, frozenset[str]] = {
    "chemotherapy": frozenset(("chemotherapy",)),
    "platinum chemotherapy": frozenset(("platinum",)),
    "immunotherapy": frozenset(("immunotherapy", "checkpoint inhibitor")),
    "hormone therapy": frozenset(("hormone therapy",)),
    "somatostatin analog": frozenset(("somatostatin analog",)),
    "EGFR inhibitor": frozenset(("egfr inhibitor", "kinase inhibitor")),
    "PARP inhibitor": frozenset(("parp inhibitor",)),
    "CAR-T cell therapy": frozenset(("car-t",)),
    "corticosteroids": frozenset(("steroid",)),
}
_ANY_OF = {"surgical resection": "surgery", "pancreatectomy": "surgery", "radiation therapy": "radiation"}


@cache
def _classes() -> dict[str, frozenset[str]]:
    return {entry["name"]: frozenset(entry["classes"]) for entry in load("drugs")["drug"]}


def is_general_name(name: str) -> bool:
    """A name for a whole class of treatments ("chemotherapy", "surgery"), which a particular one of the class makes empty."""
    return name in _GENERAL or name in _ANY_OF or name == "stem cell transplant"


def names_one_of(general: str, kind: str, name: str, drugs: Iterable[str]) -> bool:
    """Is the treatment (kind, name, drugs) one of what the general name means?"""
    if is_general_name(name) and name != "pancreatectomy":
        return False
    if general in _ANY_OF:
        return kind == _ANY_OF[general] and name != general and (general != "pancreatectomy" or "pancrea" in name)
    if general == "stem cell transplant":
        return "stem cell transplant" in name
    return any(_classes().get(drug, frozenset()) & _GENERAL.get(general, frozenset()) for drug in drugs)
