"""T, N and M as written: a grammar of sequences, with OCR repair only in slots that are certain.

A category counts when it has a prefix ("pT3"), stands in a sequence ("T3 N1 M0"), or follows its label ("N stage: 1"). A lone
unprefixed "T2" counts only behind a word about staging: elsewhere it is a vertebra, a block, an MRI weighting. Of a checklist only
the marked options count. N repaired from "NO" or "Nl" is as good as clean; a repaired T is not, and both say so (`repaired`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from records.extraction.context import context_at
from records.extraction.finding import Assertion, Evidence, Finding, Kind
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.sections import Section
from records.extraction.tumours import anchor_at, stem_of
from records.extraction.validity import is_allowed

_PREFIX = r"(?P<pre>(?:[yra]{0,2}[pc]|[yra]{1,2}[pc]?|[YRA]{0,2}[PC]|[yY])[ .'\"_-]{0,2})"
_T_VALUE = (
    r"(?P<v>is|IS|Is|[0-4Xx]|a(?=[ ,;.)]|$|[pc]?N)|[lI|!](?![a-z]{2})|[OZ8])(?P<s> ?(?:mi|MI)\b"
    r"|[a-dA-D](?:[12])?(?![a-zA-Z])|[a-dA-D](?=[pcy]{0,2}N ?[0-3XxOoIl])| [abd](?=[ ,;.]*(?:[pc]{0,2}N|$|\)|,))"
    r"| c(?=[ ,;.]+[pc]{0,2}N|$|\)|,))?"
)
_N_VALUE = (
    r"(?P<v>[0-3Xx]|[OoQlI|!Zz])(?P<s> ?(?:mi(?:c)?|MI)\b|[a-cA-C](?![a-zA-Z])|[a-cA-C](?=[pc]?M ?[01XxOoIl])"
    r"| [ab](?=[ ,;.]*(?:[pc]?M|$|\)|,))| c(?=[ ,;.]+[pc]?M|$|\)|,))?(?P<q>(?: ?\( ?(?:sn|SN|mi|mic|i ?[-+]|I ?[-+]"
    r"|mol ?[-+]) ?\))*)"
)
_M_VALUE = r"(?P<v>[01Xx]|[OoQlI|!])(?P<s> ?[a-dA-D](?![a-zA-Z]))?(?P<q> ?\( ?i ?\+ ?\))?"
_END = r"(?![A-Za-z0-9])"
_BEFORE_N = r"(?=$|[^A-Za-z0-9]|[pc]{0,2}N ?[0-3XxOoQlI|]|[pc]?M ?[01XxOolI]|[LVRG][0-3])"
_BEFORE_M = r"(?=$|[^A-Za-z0-9]|[pc]?M ?[01XxOolI]|[LVRG][0-3])"

_T = lazy(rf"(?<![A-Za-z0-9]){_PREFIX}?T ?{_T_VALUE}(?: ?\((?:m|\d)\))?{_BEFORE_N}")
_T_SMALL = lazy(r"(?<![A-Za-z0-9])(?P<pre>y?[pc] ?)t ?(?P<v>[0-4x]|is)(?P<s>[a-d])?(?=[ ,;]*p?n ?[0-3xol])")
_T_BROKEN = lazy(r"(?<![A-Za-z0-9])(?P<pre>y?p) ?['\"`^*]?[TIfl1\]7\\/]['\"`^*]?(?P<v>[0-4])(?P<s>[a-d])?(?=[ ,;.]{0,3}p ?N ?[0-3XxOolI])")
_N = lazy(rf"(?:(?<![A-Za-z0-9])|(?<=[0-4XxaAbBcCdDsSlIOo)])){_PREFIX}?N ?{_N_VALUE}{_BEFORE_M}")
_N_SMALL = lazy(r"(?<=[0-4xabcdsol ,;])(?P<pre>y?[pc] ?)?n ?(?P<v>[0-3xol])(?P<s>[a-c])?(?P<q>)(?=$|[^a-z0-9]|[pc]?m ?[01xol])")
_M = lazy(rf"(?:(?<![A-Za-z0-9])|(?<=[0-3XxaAbBcCOolI)])){_PREFIX}?M ?{_M_VALUE}{_END}")
# where each grammar may begin to be tried: its letter and what may follow it
_T_HINT, _N_HINT = lazy(r"T ?[0-4XxiIalOZ8|!]"), lazy(r"N ?[0-3XxOoQlI|!Zz]")
_M_HINT, _T_SMALL_HINT = lazy(r"M ?[01XxOoQlI|!]"), lazy(r"t ?[0-4xi]")
_T_BROKEN_HINT = lazy(r"p ?['\"`^*]?[TIfl1\]7\\/]['\"`^*]?[0-4]")
_LABEL_HINT = lazy(r"[:=] ?[pc]?[TNM]? ?(?:is|[0-4xo])(?![0-9])", re.I)
_LONGEST_PREFIX, _LONGEST_LABEL = 6, 60
_FILLER = lazy(
    (
        r"(?:[\s,;.:/()\[\]&_*|-]|(?:L|V|R|G|Pn|S|LV)[0-3OoXx](?![A-Za-z])|local|\d{1,3} ?/ ?\d{1,3}|\(\d+ ?of ?\d+\)"
        r"|\((?:sn|m|is|mi|\d+)\)|and\b|AND\b|stage:?|[pc]?(?=[NM])|\+\)|i|,)*"
    ),
    re.S,
)
_LABELLED = {
    "T": lazy(
        r"(?:\(?\b[yrc]?pT\)?|\bT[ -]?(?:stage|category|classification|status)|\(T\)|(?:primary"
        r"|pathologic(?:al)?) tumou?r(?: stage| \(p?T\))?|tumou?r stage \(p?T\)|\bcT)\)? ?(?:category|stage|status"
        r"|classification)? ?[:=] ?(?:p|c)?T? ?(?P<v>is|[0-4Xx])(?P<s> ?mi\b|[a-dA-D])?"
        r"(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)))",
        re.I,
    ),
    "N": lazy(
        r"(?:\(?\b[yrc]?pN\)?|\bN[ -]?(?:stage|category|classification|status)|\(N\)|\bcN)\)? ?(?:category|stage|status"
        r"|classification)? ?[:=] ?(?:p|c)?N? ?(?P<v>[0-3XxOo])(?P<s> ?mi\b|[a-cA-C])?(?P<q>(?: ?\( ?(?:sn|mi|i ?[-+]"
        r"|mol ?[-+]) ?\))*)"
        r"(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)|out))",
        re.I,
    ),
    "M": lazy(
        (
            r"(?:\(?\b[yrc]?pM\)?|\bM[ -]?(?:stage|category|classification|status)|\(M\)|\bcM)\)? ?(?:category|stage|status"
            r"|classification)? ?[:=] ?(?:p"
            r"|c)?M? ?(?P<v>[01XxOo])(?P<s> ?[a-d]\b)?(?P<q>)(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)))"
        ),
        re.I,
    ),
}
_STAGING = lazy(
    (
        r"(?:\bstag(?:e|ed|ing)\b|\bTNM\b|\bp?TNM\b|AJCC|UICC|A[JI3]CC|categor|classification|primary tumou?r"
        r"|\btumou?r(?: \(?p?T\)?)? ?[:=]|regional (?:lymph )?nodes?|lymph nodes? ?\(?(?:p?N)?\)? ?[:=]"
        r"|distant metasta\w+ ?(?:\(?p?M\)?)? ?[:=]|(?:pathologic(?:al)?|clinical) [TNM]\b)[^.\n]{0,60}$"
    ),
    re.I,
)
_LOOKALIKE = lazy(
    (
        r" ?-? ?(?:weight|signal|hyper|hypo|iso-?intens|image|sequence|vertebra|cell|lymphocyte|spine|spinal|compression"
        r"|level|nerve|W\b|fat|FLAIR|macrophage|neuron|dermat|receptor|phase|station|helper|bod(?:y|ies)|through [TL]\d"
        r"|mapping|relaxation)|[-–/](?:T|L|S|C)?\d"
    ),
    re.I,
)
_BLOCK = lazy(
    (
        r"(?:blocks?|cassettes?|slides?|sections?|submitted|labell?ed|designated|specimen|parts?|vertebra\w*|levels?|spine"
        r"|fracture|lesions? (?:at|in)|at|node)[ :#]*(?:as )?[\"(]?$"
    ),
    re.I,
)
_MARK = lazy(r"(?:[\[(_{] ?[xX✓✔*]+ ?[\])_}]|[☒☑■✓✔]|(?:^|\s)[_]*[xX][_]+|(?:^|\n|\. )[xX] )[\s.:_-]*$")
_BOX = lazy(r"(?:[\[(] ?[\])]|☐|□|_{2,}|\( \)|(?<![A-Za-z0-9])[oO] )[\s.:_-]*$")
_EDITION = lazy(
    (
        r"\b(?:(\d)(?:th|st|nd|rd)|(sixth|seventh|eighth|fifth|ninth))[ -]*(?:ed\b|edition|AJCC|UICC)|(?:AJCC"
        r"|UICC)[^.\n]{0,25}?\b(?:(?<![\d.,:-])(\d)(?:th)?(?! ?%)|(sixth|seventh|eighth))(?: ed|\)|[ ,;.])|\bAJCC ?v?(\d)\b"
    ),
    re.I,
)
_NO_MORE = lazy(r" [A-Za-z]{3,}")  # "lymph nodes: NO tumor", a word and no category
_EDITION_HINT = lazy(r"AJCC|UICC|[tndh][ -]*ed", re.I)
_NUMBERS = {"fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9"}
_MISREAD = {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "!": "1", "Z": "2", "z": "2", "8": "3"}
_MAY_HOLD = lazy(r"[TNMtnm] ?[0-4XxOoIl]|[Tt]is|[TNM]\b[^:\n]{0,20}:")
_NEAR = 1500  # characters between categories that belong to one tumour's staging


@dataclass(frozen=True, slots=True)
class Category:
    """One T, N or M at [start, end) of a page. strength: how it was justified (see the module)."""

    letter: str
    value: str
    prefix: str
    page: int
    start: int
    end: int
    strength: float
    is_repaired: bool = False
    sequence: int = 0


class Tnm:
    """Findings of kind TNM: one for each staging that the document states, categories that stand together in one finding."""

    name: ClassVar[str] = "tnm"
    version: ClassVar[int] = 1

    def extract(self, report: Report) -> Iterable[Finding]:
        return report.once(stagings_of)


def _extract(report: Report) -> Iterator[Finding]:
    for page, text in report.pages.items():
        if _MAY_HOLD.search(text):
            flat = text.replace("\n", " ")
            stagings = list(_stagings(_without_checklists(list(categories_in(flat, page)), flat)))
            yield from _findings(report, [one for one in stagings if not _is_said_fuller(one, stagings)], flat)


def stagings_of(report: Report) -> tuple[Finding, ...]:
    """What Tnm finds, for rules that build on it: report.once(stagings_of)."""
    return tuple(_extract(report))


def categories_in(text: str, page: int = 1) -> Iterator[Category]:
    """All categories of a page (newlines already spaces), in order."""
    found: list[Category] = []
    for match in _around(_T, _T_HINT, text):
        found += _sequence(text, page, match, len(found) + 1)
    for grammar, hint in ((_T_SMALL, _T_SMALL_HINT), (_T_BROKEN, _T_BROKEN_HINT)):
        for match in _around(grammar, hint, text):
            if not _covers(found, match.start(), match.start() + 1):
                found += _sequence(text, page, match, len(found) + 1, is_broken=grammar is _T_BROKEN)
    for letter, alone, hint in (("N", _N, _N_HINT), ("M", _M, _M_HINT)):
        for match in _around(alone, hint, text):
            made = _alone(text, page, letter, match)
            if made is not None and not _covers(found, made.start, made.end):
                found.append(replace(made, sequence=-len(found) - 1))
                behind = _following(_M, text, match.end()) if letter == "N" else None
                if behind is not None and not _covers(found, behind.start(), behind.end()):
                    found.append(_made("M", behind, page, 0.92, found[-1].sequence, _prefix(behind) or made.prefix))
    _add_labelled(text, page, found)
    return iter(sorted(found, key=lambda one: one.start))


def _add_labelled(text: str, page: int, found: list[Category]) -> None:
    hints = [one.start() for one in _LABEL_HINT.finditer(text)]
    for letter, labelled in _LABELLED.items():
        reached = 0
        for hint in hints:
            match = labelled.search(text, max(reached, hint - _LONGEST_LABEL), hint + 40) if hint >= reached else None
            if match is None:
                continue
            reached = match.end()
            if not _is_count(text, match) and not _covers(found, match.start("v"), match.end()):
                found.append(_made(letter, match, page, 0.93, -len(found) - 1, ""))


def _covers(found: list[Category], start: int, end: int) -> bool:
    return any(one.start < end and start < one.end for one in found)


def _around(grammar: re.Pattern[str], hint: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """grammar.finditer(text), tried only where its letter stands (hint) and up to a prefix before it: most of a page holds neither."""
    reached = 0
    for letter in hint.finditer(text):
        for start in range(max(reached, letter.start() - _LONGEST_PREFIX), letter.start() + 1):
            match = grammar.match(text, start)
            if match is not None:
                yield match
                reached = match.end()
                break


def _sequence(text: str, page: int, match: re.Match[str], number: int, *, is_broken: bool = False) -> list[Category]:
    """T and the N and M that follow it; [] where the T is justified by nothing."""
    prefix = _prefix(match)
    n = _following(_N_SMALL if match.re is _T_SMALL else _N, text, match.end())
    m = _following(_M, text, (n or match).end())
    if m is None and n is not None and match.re is _T_SMALL:
        m = None
    raw = match.group(0)
    before = text[max(0, match.start() - 70) : match.start()]
    has_sequence = (n is not None and not _is_block_list(text, match, n)) or m is not None
    if raw.startswith(("P", "C")) and not has_sequence and (" " in raw or match.group("v") in "lI|!OZ8" or prefix == "c"):
        return []
    if not prefix and not has_sequence and not (_STAGING.search(before) and match.group("v") not in "lI|!OZ8"):
        return []
    if not prefix and (
        _LOOKALIKE.match(text, match.end())
        or (_BLOCK.search(before) and not has_sequence)
        or (match.group("v") in "lI|!OZ8" and not _STAGING.search(before))
    ):
        return []
    if prefix and re.match(r"[-–]\d", text[match.end() :]) and not has_sequence:
        return []
    strength = 0.97 if prefix and has_sequence else 0.95 if prefix else 0.92 if has_sequence else 0.85
    made = [replace(_made("T", match, page, strength, number, prefix), is_repaired=is_broken or match.group("v") in "lI|!OZ8")]
    for letter, other in (("N", n), ("M", m)):
        if other is not None:
            made.append(_made(letter, other, page, strength, number, _prefix(other) or prefix))
    return made


def _is_count(text: str, match: re.Match[str]) -> bool:
    """ "Regional lymph nodes (pN): 1 residual node was ...": a number of things, not a category."""
    return text[match.start("v") - 1] in " :=" and bool(
        re.match(r" ?(?:[a-z]{3,}|lymph|nodes?|positive|negative)", text[match.end() :], re.I)
    )


def _is_block_list(text: str, t: re.Match[str], n: re.Match[str]) -> bool:
    """ "T1-T4, tumor; N1, lymph node": a key of blocks. Words between the two never pass the filler, dashes may."""
    return bool(re.match(r" ?[:,=-] ?[a-z]{3}", text[n.end() :])) and not _prefix(t) and not _prefix(n) and "," in text[t.end() : n.start()]


def _following(grammar: re.Pattern[str], text: str, position: int) -> re.Match[str] | None:
    filler = _FILLER.match(text, position, position + 40)
    end = filler.end() if filler else position
    for start in range(end, position - 1, -1):
        found = grammar.match(text, start)
        if found is not None:
            return found
    return None


def _alone(text: str, page: int, letter: str, match: re.Match[str]) -> Category | None:
    """An N or M that follows no T: needs its prefix, or a label right before it."""
    prefix = _prefix(match)
    value = match.group("v")
    before = text[max(0, match.start() - 70) : match.start()]
    labels = {
        "N": r"(?:(?:nodes?|\(p?N\)|\bN\b|TNM|nodal)[^.;]{0,25}[:=.]|(?:pathologic(?:al)?|clinical) N)[ ]*$",
        "M": r"(?:(?:metasta\w+|\(p?M\)|TNM)[^.;]{0,25}[:=.]|(?:pathologic(?:al)?|clinical) M)[ ]*$",
    }[letter]
    is_labelled = bool(re.search(labels, before, re.I))
    raw = match.group(0)
    if not prefix and not (is_labelled and " " not in raw.strip() and (value in "0123Xx" or value in "OlI")):
        return None
    if raw[0] in "PCYRA" and (value not in "0123Xx" or raw[1:2] == " ") and not is_labelled:
        return None
    if letter == "M" and (re.search(r"\d ?$", before) or (raw.startswith("PM") and not is_labelled)):
        return None
    if value in "OoQlI|!Zz" and (" " in raw and not is_labelled and value not in "O"):
        return None
    if _LOOKALIKE.match(text, match.end()) and not prefix:
        return None
    if value in "Oo" and not prefix and _NO_MORE.match(text, match.end()):
        return None
    return _made(letter, match, page, 0.95 if prefix else 0.85, 0, prefix)


def _prefix(match: re.Match[str]) -> str:
    made = match.groupdict().get("pre") or ""
    return re.sub(r"[^a-z]", "", made.lower())


def _made(letter: str, match: re.Match[str], page: int, strength: float, sequence: int, prefix: str) -> Category:
    groups = match.groupdict()
    value, suffix = groups["v"], (groups.get("s") or "").strip()
    clear = _MISREAD.get(value, value)
    clear = clear.upper() if clear in "xX" else clear.lower()
    notes = re.sub(r"\s", "", groups.get("q") or "").lower()
    notes = "".join(re.findall(r"\((?:i|mol)\+\)", notes))  # N0(i-) is N0
    extra = "mi" if "(mi" in (groups.get("q") or "").lower().replace(" ", "") else ""
    strength += 0.004 * len(suffix + extra + notes)  # of two that differ in detail, the fuller one
    return Category(
        letter,
        letter + clear + suffix.lower() + extra + notes,
        prefix,
        page,
        match.start(),
        match.end(),
        strength,
        value in _MISREAD,
        sequence,
    )


def _without_checklists(found: list[Category], text: str) -> list[Category]:
    """Drop options that are offered, not chosen: three values of one letter close together, unless marked."""
    kept: list[Category] = []
    for letter in "TNM":
        mine = [one for one in found if one.letter == letter]
        for group in _clusters(mine):
            offered = {one.value[:2] for one in group}
            boxed = [one for one in group if _BOX.search(text[max(0, one.start - 12) : one.start])]
            marked = [one for one in group if _MARK.search(text[max(0, one.start - 12) : one.start])]
            if marked and (len(offered) > 2 or boxed):
                kept += marked
            elif boxed:
                kept += [one for one in group if one not in boxed]
            elif len(offered) < 3 or len(group) > 12 or not _is_defined(group, text):
                kept += group
    return sorted(kept, key=lambda one: one.start)


def _clusters(mine: list[Category]) -> Iterator[list[Category]]:
    group: list[Category] = []
    for one in mine:
        if group and one.start - group[-1].end > 320:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _is_defined(group: list[Category], text: str) -> bool:
    """Do most of them have words of definition behind them ("T2: tumor more than 2 cm")?"""
    defined = sum(bool(re.match(r"[ ]*[:=)-]?[ ]*\(?[A-Za-z]{3,}[^:]{8,}", text[one.end : one.end + 40])) for one in group)
    return defined * 2 > len(group)


def _stagings(found: list[Category]) -> Iterator[list[Category]]:
    """Categories that belong together: one of each letter, same kind of prefix, near each other."""
    staging: list[Category] = []
    for one in found:
        if staging and not _fits(staging, one):
            yield staging
            staging = []
        staging.append(one)
    if staging:
        yield staging


def _is_said_fuller(staging: list[Category], stagings: list[list[Category]]) -> bool:
    """A lone "pN0" where another place says "pN0(i+)": the fuller one speaks for both."""
    if len(staging) > 1 or staging[0].letter != "N":
        return False
    return any(
        one.value != staging[0].value and one.value.startswith(staging[0].value) and one.prefix[-1:] == staging[0].prefix[-1:]
        for other in stagings
        for one in other
    )


def _fits(staging: list[Category], one: Category) -> bool:
    if any(other.letter == one.letter for other in staging):
        return False
    if one.sequence == staging[-1].sequence:
        return True
    if one.start - staging[-1].end > _NEAR or (one.sequence > 0 and staging[-1].sequence > 0):
        return False
    clash = {prefix[-1:] for prefix in (one.prefix, *(other.prefix for other in staging)) if prefix and one.letter != "M"}
    return len(clash) < 2 and "TNM".index(one.letter) > max("TNM".index(other.letter) for other in staging)


def _findings(report: Report, stagings: Iterable[list[Category]], text: str) -> Iterator[Finding]:
    edition = report.once(_edition)
    for staging in stagings:
        first = staging[0]
        segment = report.segment_at(first.page, first.start)
        if segment is None or segment.section is Section.LITERATURE:
            continue
        offset = segment.page_start
        context = context_at(segment, first.start - offset, first.end - offset)
        if segment.is_boilerplate and not (first.prefix and first.strength >= 0.95):
            continue
        if context.assertion in (Assertion.FAMILY, Assertion.ABSENT) and context.cue.startswith(
            ("not", "family", "mother", "father", "sister", "brother")
        ):
            continue
        tumour = anchor_at(report, segment, first.start - offset)
        yield _finding(report, staging, tumour, _assertion(context.assertion), edition_of(text[first.start : first.start + 200]) or edition)


def _assertion(said: Assertion) -> Assertion:
    """A category is not negated or pending by its neighbours; the other ways of speaking stand."""
    return said if said in (Assertion.POSSIBLE, Assertion.HISTORICAL, Assertion.PLANNED) else Assertion.PRESENT


def _finding(report: Report, staging: list[Category], tumour: str | None, assertion: Assertion, edition: str | None) -> Finding:
    kept = [one for one in staging if tumour is None or is_allowed(stem_of(report, tumour), one.letter, one.value) is not False] or staging
    value: dict[str, Any] = {one.letter.lower(): one.value for one in kept}
    prefix = next((one.prefix for one in kept if one.prefix), None)
    repaired = [one for one in kept if one.is_repaired]
    confidence = min(one.strength for one in kept)
    if len(kept) < len(staging) or (
        kept == staging and tumour and any(is_allowed(stem_of(report, tumour), one.letter, one.value) is False for one in kept)
    ):
        confidence = min(confidence, 0.6)
    if any(one.letter == "T" for one in repaired):
        confidence = min(confidence, 0.6)
    elif repaired:
        confidence = min(confidence, 0.88)
    value |= {"prefix": prefix, "tumour": tumour, "edition": edition, "repaired": bool(repaired) or None}
    first = kept[0]
    segment = report.segment_at(first.page, first.start)
    date = report.date_of(segment, first.start - segment.page_start, first.end - segment.page_start) if segment else None
    return Finding(
        Kind.TNM,
        {key: one for key, one in value.items() if one is not None},
        _evidence(report, kept),
        assertion,
        date,
        confidence,
        f"{Tnm.name}/{Tnm.version}",
    )


def _evidence(report: Report, staging: list[Category]) -> tuple[Evidence, ...]:
    """One span for categories that stand in one sequence, else one for each."""
    page = report.document.page(staging[0].page).text
    spans: list[tuple[int, int]] = []
    for one in staging:
        if spans and one.start - spans[-1][1] < 40 and one.sequence == staging[0].sequence:
            spans[-1] = (spans[-1][0], one.end)
        else:
            spans.append((one.start, one.end))
    return tuple(Evidence(staging[0].page, start, end, page[start:end]) for start, end in spans)


def _edition(report: Report) -> str | None:
    return edition_of(report.text)


def edition_of(text: str) -> str | None:
    """The edition that a text names, "7"."""
    found = _EDITION.search(text) if _EDITION_HINT.search(text) else None
    if not found:
        return None
    said = next(group for group in found.groups() if group)
    said = _NUMBERS.get(said.lower(), said)
    return said if said in "56789" else None
