"""The course of a treatment: how often it was given, in which line and setting, with what result, and why it ended."""

from __future__ import annotations

import re

from records.extraction.patterns import lazy
from records.extraction.treatments_dates import HELD, span_of
from records.extraction.treatments_names import Named
from records.extraction.treatments_same import Value

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "single": 1,
}
_N = r"(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a single)"
_CYCLES = r"(?:cycles?|courses?|doses?|infusions?|rounds?|fractions?|injections?)"
_CYCLES_BEFORE = lazy(
    rf"\b{_N}(?: of \d{{1,2}}| out of \d{{1,2}})?(?: (?:full|planned|total|more|additional|weekly|monthly"
    rf"|biweekly))? {_CYCLES}(?: of)?(?: \w+){{0,4}} ?$",
    re.I,
)
_CYCLES_AFTER = lazy(rf"^[^.;]{{0,70}}?(?:\b{_N}(?: of \d{{1,2}}| out of \d{{1,2}})? {_CYCLES}|[x×] ?(?P<x>\d{{1,2}})\b(?!\.\d))", re.I)
_LINES = {
    "first": 1,
    "1st": 1,
    "front": 1,
    "frontline": 1,
    "1": 1,
    "second": 2,
    "2nd": 2,
    "2": 2,
    "third": 3,
    "3rd": 3,
    "3": 3,
    "fourth": 4,
    "4th": 4,
    "4": 4,
    "fifth": 5,
    "5th": 5,
    "5": 5,
    "sixth": 6,
    "6th": 6,
    "6": 6,
}
_LINE = lazy(
    r"^\W*(?P<opens>1st|2nd|3rd|4th|5th|6th)(?= ?[:.)-])|\b(?:(?P<word>first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th|6th|front)[ -]?line\b"
    r"|(?P<short>[1-6])L\b|(?:line(?: of therapy)?|LOT) ?#?(?P<number>[1-6])\b)",
    re.I,
)
_SETTINGS = lazy(
    r"\b(?P<neoadjuvant>neo-?adjuvant|pre-?operative(?=[ ]*$|[ ](?:chemo|radio|systemic|therap|treatment))"
    r"|induction chemo\w*|total neoadjuvant)|\b(?P<adjuvant>adjuvant|post-?operative chemo\w*)"
    r"|\b(?P<perioperative>peri-?operative)|\b(?P<maintenance>maintenance)|\b(?P<consolidation>consolidation"
    r"|consolidative)|\b(?P<palliative>palliative)|\b(?P<metastatic>for (?:\w+ )?metastatic)",
    re.I,
)
_RESPONSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "CR",
        lazy(
            r"(?i:\b(?:complete (?:metabolic |clinical |radiographic |pathologic\w* |molecular )?(?:response|remission)"
            r"|complete responder|CMR|pCR|sCR)\b)|\bCR\b(?! ?\d)"
        ),
    ),
    (
        "PR",
        lazy(
            r"\b(?:partial (?:metabolic |clinical |radiographic |radiologic\w* )?(?:response|remission)"
            r"|partial responder|VGPR|very good partial response|(?:good|excellent|major|marked|dramatic"
            r"|favou?rable) (?:\w+ )?response|responding|tumou?r shrinkage|(?:decrease|reduction|regression) (?:in"
            r"|of) (?:the )?(?:size|tumou?r|metastas))\b|\bPR\b(?! ?\d|[ -]?interval)",
            re.I,
        ),
    ),
    (
        "SD",
        lazy(
            r"\b(?:stable disease|disease stability|disease (?:is |was |remained )?stable"
            r"|stabili[sz]ation(?: of (?:the )?disease)?|no (?:evidence of )?progression|disease control)\b|\bSD\b(?!\w)",
            re.I,
        ),
    ),
    (
        "PD",
        lazy(
            r"\b(?:progressive disease|disease progression|progression of (?:the )?disease|progressed|progression"
            r"|no significant response|no response|refractory|growth of (?:the )?(?:\w+ )?(?:metastases|lesions|tumou?r)"
            r"|new (?:\w+ ){0,2}(?:lesions|metastases))\b|\bPD\b(?!-)",
            re.I,
        ),
    ),
)
_BEST = lazy(r"\bbest (?:overall )?response[ :=(-]{0,3}(?:was |of )?(?P<what>\w+(?: \w+)?)", re.I)
_TOXIC = (
    r"toxicit\w*|neuropath\w*|intoleran\w*|side effects?|adverse|cytopeni\w*|neutropeni\w*|mucositis|diarrh\w*"
    r"|pneumonitis|colitis|rash|reaction|fatigue|hepatitis|thrombocytopeni\w*|nausea|hypersensitiv\w*"
    r"|poor tolerance|hand-foot|cardiomyopath\w*|infusion reaction|anaphyla\w*"
)
_PROGRESSED = (
    r"progress\w*|\bPD\b|growth|relapse\w*|recurren\w*|refractory|lack of response|no response|new lesions"
    r"|treatment failure|rising (?:CA|marker)"
)
_ENDED = (
    r"(?:stopped|discontinu\w+|ended|held|changed|switched|terminated|off|dc'?d|stop(?:ping)?|ceased|aborted"
    r"|interrupted|given up|abandoned|reason)"
)
_WHY = r"(?:for|due to|d/t|2/2|because of|owing to|secondary to|after|given|from|on account of|with|at|:|-|\()"
_PROGRESSED_BEFORE = lazy(
    r"\b(?:progress(?:ed|ing|ion)?(?: of (?:the |her |his )?disease)?,? (?:on|after|through|despite|following"
    r"|while on|during|under|to)|refractory to|resistant to|fail(?:ed|ure|ing)(?: of| to| on)?|PD (?:on|after"
    r"|following)|relaps\w+ (?:\w+ ){0,2}(?:on|while on|during|despite)|recurr\w+ (?:\w+ ){0,2}(?:on|while on"
    r"|despite|during))[ :]+(?:[\w-]+[ ,]+){0,6}?$",
    re.I,
)
_LATER = lazy(r"\b\w+ (?:months?|years?|weeks?) after (?:complet\w+|finishing|the end of) (?:\w+ ){0,3}$", re.I)
_STOPPED_FOR_PROGRESSION = lazy(
    rf"\b{_ENDED}\b[^.;]{{0,35}}?\b{_WHY} (?:[\w-]+ ){{0,4}}?(?:{_PROGRESSED})|\b(?:until|till|before|then|with"
    rf"|followed by|showed|and|but|,|result:?|\d) ?(?:\w+ ){{0,2}}(?:disease )?progress(?:ion|ed|ive)\b(?! ?free)",
    re.I,
)
_ARROW_TO_PD = lazy(r"^[^;.]{0,45}(?:->|→|=>) ?(?:PD|POD|progress\w*|relapse\w*)\b", re.I)
_STOPPED_FOR_TOXICITY = lazy(
    rf"\b{_ENDED}\b[^.;]{{0,45}}?\b{_WHY} (?:[\w-]+ ){{0,5}}?(?:{_TOXIC})|\b(?:intoleran\w+ (?:to|of)"
    rf"|could not tolerate|did not tolerate|unable to tolerate|poorly tolerated)",
    re.I,
)
_TOXIC_BEFORE = lazy(
    r"\b(?:intoleran\w+ (?:to|of)|did not tolerate|could not tolerate|unable to tolerate|allergic reaction to"
    r"|due to toxicity from)[ :]+(?:[\w-]+ ){0,3}?$",
    re.I,
)
_COMPLETED_BEFORE = lazy(r"\b(?:complet(?:ed|ion of|ing)|finish(?:ed|ing))[ :]+(?:[\w/-]+[ ,]+){0,7}?$", re.I)
_COMPLETED_AFTER = lazy(r"^[^.;]{0,70}?\b(?:complet(?:ed|ion)|finished)\b(?! (?:response|remission))", re.I)


def windows(named: Named, others: list[Named]) -> tuple[str, str]:
    """The words before and behind the name that belong to it: up to the neighbouring treatments and to a semicolon."""
    text = named.segment.text
    low = max((one.end for one in others if one.end <= named.start), default=0)
    high = min((one.start for one in others if one.start >= named.end), default=len(text))
    before, after = text[low : named.start], text[named.end : high]
    is_last = high == len(text)
    return before[before.rfind(";") + 1 :], after if is_last else after.split(";")[0]


def course_of(named: Named, others: list[Named]) -> Value:
    """What the words beside the name say of its course; absent keys are not said."""
    before, after = windows(named, others)
    own = named.segment.text[named.start : named.end]
    lead = own[: own.lower().find(named.therapy.name.split()[0].lower())] if named.therapy.name.split()[0].lower() in own.lower() else ""
    before = f"{before}{own} " if named.therapy.is_general else f"{before}{lead}"
    value: Value = {}
    value["line"] = _line(before, after) or _row_number(named)
    value["cycles"] = _cycles(before, after)
    value["intent"] = _setting(before, after)
    value["response"] = response_in(after) or _response_before(before)
    value["stop_reason"] = _stop_reason(before, after)
    value["start"], value["stop"], value["is_open"] = span_of(named, others)
    value["stop_reason"] = value["stop_reason"] or _column_of_reasons(named)
    if value["response"] == "PD" and value["stop"]:
        value["stop_reason"] = "progression"
    if named.therapy.kind in ("surgery", "other"):
        value = {key: one for key, one in value.items() if key in ("start", "stop", "is_open")}
    held = HELD.search(after) if named.therapy.kind == "systemic" else None
    value["held"] = " ".join(held.group(0).split()) if held else None
    return {key: one for key, one in value.items() if one is not None}


_REASONS = lazy(r"\breason|\bd/c\b|\bdiscontinu|\bstopped for")
_WHY_ENDED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("progression", lazy(rf"{_PROGRESSED}|\bPOD\b", re.I)),
    ("toxicity", lazy(rf"{_TOXIC}|\btox\b|\bAEs?\b", re.I)),
    ("completed", lazy(r"\bcomplet\w+|\bfinished\b|end of (?:treatment|therapy)|\bplanned\b", re.I)),
)


def _column_of_reasons(named: Named) -> str | None:
    """What the row says in the column "Reason for stopping"."""
    for cell in named.segment.cells:
        if _REASONS.search(cell.heading):
            text = named.segment.text[cell.start : cell.end]
            return next((why for why, words in _WHY_ENDED if words.search(text)), None)
    return None


def _line(before: str, after: str) -> int | None:
    near = list(_LINE.finditer(before[-60:]))
    found = near[-1] if near else _LINE.search(after[:40])
    if found is None:
        return None
    return _LINES[(found.group("opens") or found.group("word") or found.group("short") or found.group("number")).lower()]


_ROW_NUMBER = lazy(r"\W*(?P<line>[1-6])[.)]?[ |]+$")


def _row_number(named: Named) -> int | None:
    """The number that opens a row of a table of lines ("Line | Regimen | Start ...")."""
    segment = named.segment
    found = _ROW_NUMBER.match(segment.text[: named.start])
    if found is None:
        return None
    cell = segment.cell_at(found.start("line"))
    is_column = cell is not None and "line" in cell.heading
    return int(found.group("line")) if is_column or named.is_under_lines else None


def _cycles(before: str, after: str) -> int | None:
    found = _CYCLES_BEFORE.search(before[-90:]) or _CYCLES_AFTER.match(after)
    if found is None:
        return None
    said = (found.group("n") or found.groupdict().get("x") or "").lower().removeprefix("a ")
    count = int(said) if said.isdigit() else _NUMBERS.get(said)
    return count if count and count < 100 else None


def _setting(before: str, after: str) -> str | None:
    near = list(_SETTINGS.finditer(before[-45:]))
    found = near[-1] if near else _SETTINGS.search(after[:30])
    return found.lastgroup if found else None


def response_in(text: str) -> str | None:
    """The best response (RECIST, Lugano, IMWG in the same four letters) that a text states; None where it states none."""
    best = _BEST.search(text)
    if best is not None:
        stated = next((code for code, words in _RESPONSES if words.search(best.group("what"))), None)
        if stated:
            return stated
    for code, words in _RESPONSES:
        for found in words.finditer(text):
            if not re.search(
                r"\b(?:no|not|without|hope for|expect\w*|for|if|risk of|until|achieve(?! a)|free of|toward|rule out"
                r"|maintain) (?:\w+ )?$",
                text[max(0, found.start() - 22) : found.start()],
                re.I,
            ) and not re.match(r"[- ]free", text[found.end() :]):
                return code
    return None


def _response_before(before: str) -> str | None:
    """ "Partial response to ...", "stable disease on ..."."""
    tail = before[-60:]
    if not re.search(r"\b(?:to|on|with|after|following|through)\s+(?:[\w-]+[ ,]+){0,5}$", tail):
        return None
    return response_in(tail)


def _stop_reason(before: str, after: str) -> str | None:
    near = after[:130]
    if _LATER.search(before[-60:]):
        return "completed"
    if _PROGRESSED_BEFORE.search(before[-90:]) or _ARROW_TO_PD.search(near) or _STOPPED_FOR_PROGRESSION.search(near):
        return "progression"
    if _STOPPED_FOR_TOXICITY.search(near) or _TOXIC_BEFORE.search(before[-60:]):
        return "toxicity"
    if _COMPLETED_BEFORE.search(before[-90:]) or _COMPLETED_AFTER.match(near):
        return "completed"
    return None
