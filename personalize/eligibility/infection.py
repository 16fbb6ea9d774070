"""HIV, hepatitis, tuberculosis, and infections that go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AnyOf, Criterion, Not, Rule
from personalize.eligibility.polarity import EXCEPT, is_permission, polar
from personalize.eligibility.values import Kind, Passage

INFECTION_TRIGGERS = (
    "infect",
    "hiv",
    "hepatitis",
    "hbv",
    "hcv",
    "hbsag",
    "immunodeficiency",
    "tubercul",
    "sepsis",
    "aids",
    "tb ",
    "bacter",
    "viral",
    "serolog",
)


_HIV = re.compile(
    r"\bhiv\b|\bhiv[- ]?[12/]+|human immuno-?\s?deficiency virus|\baids\b|acquired immun\w+ ?-?deficiency|human immune deficiency"
)


_HBV = re.compile(
    r"hepatitis[- ]?(?:type )?b\b|\bhbv\b|hbsag|hepatitis (?:\(?b|[abc],? ?(?:b )?(?:and|or|,))|hep b\b|hepatitis a, b"
    r"|viral hepatitis|hepatitis b"
)


_HCV = re.compile(
    r"hepatitis[- ]?(?:type )?c\b|\bhcv\b|(?:hepatitis|hep) (?:a, )?b(?: virus)?(?: \(hbv\))?(?: infection)?,? ?(?:or"
    r"|and|/|and/or|&|,) ?c\b|hep c\b|viral hepatitis|hepatitis b(?: virus)?(?: \(hbv\))? ?(?:or|and|/"
    r"|and/or) (?:hepatitis )?c\b|hbv/hcv"
)


_TB = re.compile(r"tubercul|\btb\b")


# The agent, words of which one stands wherever its pattern matches, and the pattern.
_AGENTS = (
    ("hiv", ("hiv", "immun", "aids"), _HIV),
    ("hbv", ("hep", "hbv", "hbsag"), _HBV),
    ("hcv", ("hep", "hcv"), _HCV),
    ("tb", ("tb", "tubercul"), _TB),
)


_ACTIVE = re.compile(
    r"(?:active|uncontrolled|ongoing|on-going|serious|severe|acute|systemic|current|concurrent|significant"
    r"|life-threatening|untreated|opportunistic|intercurrent|chronic|unresolved|symptomatic|existing|bacterial|fungal"
    r"|viral|clinically)[\w ,/()-]{0,70}?\b(?:infections?|infectious (?:disease|process|complication|illness)\w*|sepsis"
    r"|bacterial|bacteremia)\b|"
    r"infections?(?: \w+){0,3},? (?:requir\w+|that (?:is|are) (?:active|uncontrolled|ongoing)|not controlled"
    r"|necessitating|needing|treated with|in need|under treatment|within)|(?:evidence|signs"
    r"|presence) of (?:\w+ ){0,3}infection|bacterial,? (?:viral|fungal)|^\W*(?:patients? with |subjects? with "
    r"|any )?infections?\b|illness\w* including[\w ,-]{0,40}infection|known infections?$|or infections?\b"
)


def read_infection(passage: Passage) -> Iterator[Criterion]:
    """HIV, hepatitis B and C, tuberculosis, and infections that go on; all that one sentence names are one rule."""
    words = passage.plain
    if re.search(
        r"vaccin|urinary tract infection prophyl|covid-19 vacc|infection control|site of infection|catheter", words
    ) and not _HIV.search(words):
        return
    agents = [(name, found) for name, stems, pattern in _AGENTS if any(map(words.__contains__, stems)) and (found := pattern.search(words))]
    if agents and _PREGNANCY_ONLY.search(words):
        agents = []
    rules = [_agent_rule(passage, words, name, found) for name, found in agents]
    going_on = _ACTIVE.search(words)
    starts = [found.start() for _, found in agents]
    if going_on and not is_permission(words) and (not agents or not _same_words(going_on, agents)):
        rules.append(Rule("infection", "active", sub="active"))
        starts.append(going_on.start())
    if not rules:
        return
    whole: Criterion = rules[0] if len(rules) == 1 else AnyOf(tuple(rules))
    if is_permission(words) or _is_conditional(words):
        yield from _allowed(passage, words, agents)
        return
    made = polar(whole, passage, min(starts))
    if made is None and passage.kind is Kind.INCLUSION and agents:
        yield from _allowed(passage, words, agents)
    elif made is not None:
        yield made


_PREGNANCY_ONLY = re.compile(r"contracept|condom")


def _is_conditional(words: str) -> bool:
    return bool(
        re.search(
            (
                r"^\W*(?:for |if )?(?:patients|subjects|participants|individuals|those)?[^.;]{0,40}(?:with|who"
                r"|positive)[^.;]{0,90}(?:must|should|are required|need|is required|will be|have to)\b"
            ),
            words,
        )
    ) and not re.search(r"\bnot\b|exclud", words)


def _same_words(going_on: re.Match[str], agents: list[tuple[str, re.Match[str]]]) -> bool:
    """ "active hepatitis B infection" is no infection beside hepatitis."""
    said = going_on[0]
    if re.search(
        (
            r"bacterial|fungal|systemic (?:\w+ )?infection|(?:any|other|ongoing|uncontrolled|serious|severe|opportunistic"
            r"|intercurrent)(?: (?:\w+|and/or|or)){0,2} infection|active infection(?! with)|infectious disease"
        ),
        said,
    ) and not re.search(r"(?:hiv|hepatitis|hbv)\W*\w*\W*$", said[:-9]):
        return False
    return any(going_on.start() <= found.start() < going_on.end() + 40 or abs(found.end() - going_on.start()) < 25 for _, found in agents)


# HIV that is not under control: untreated, with few CD4 cells, or found in the blood.
_HIV_LET_GO = re.compile(
    r"not (?:currently )?(?:on|receiving|taking) (?:an? )?(?:[\w-]+ ){0,3}(?:anti-?retroviral|art\b|haart)"
    r"|(?:with|and)(?: an?| whose| known)? (?:cd4|detectable|viral load|unsuppressed|uncontrolled)"
)


def _agent_rule(passage: Passage, words: str, name: str, found: re.Match[str]) -> Rule:
    if name == "tb":
        return Rule("infection", "active", sub="tb")
    around = words[max(0, found.start() - 70) : found.end() + 90]
    if name == "hiv":
        if _HIV_LET_GO.search(words[found.start() : found.start() + 140]):
            return Rule("infection", "uncontrolled", sub="hiv")
        whole = passage.bullet
        held = re.search(
            (
                r"uncontrolled|not (?:well )?controlled|undetectable|on (?:effective |stable )?(?:anti-?retroviral|art\b"
                r"|haart)|well[- ]controlled|cd4"
            ),
            whole[max(0, whole.find(found[0]) - 60) : whole.find(found[0]) + 260],
        )
        return Rule(
            "infection",
            "uncontrolled" if held and (EXCEPT.search(whole) or "uncontrolled" in around or "not controlled" in around) else "positive",
            sub="hiv",
        )
    if re.search(r"uncontrolled|not controlled", around):
        return Rule("infection", "uncontrolled", sub=name)
    if re.search(r"\bactive\b|\bchronic\b|\bacute\b|infectious|replicat|dna|rna|viral load|detectable|viremia", words):
        return Rule("infection", "active", sub=name)
    if re.search(r"hbsag|surface antigen|antigen", around):
        return Rule("infection", "antigen_positive", sub=name)
    return Rule("infection", "positive", sub=name)


def _allowed(passage: Passage, words: str, agents: list[tuple[str, re.Match[str]]]) -> Iterator[Criterion]:
    """ "HIV-infected patients on effective therapy are eligible": it must be under control."""
    if passage.kind is not Kind.INCLUSION or not re.search(
        r"undetectable|controlled|cd4|cured|suppress|effective|stable|antiretroviral|viral load", words
    ):
        return
    for name, _ in agents:
        if name != "tb":
            yield Not(Rule("infection", "uncontrolled", sub=name))
