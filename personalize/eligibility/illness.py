"""Cancer in the brain, and autoimmune disease."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import AllOf, Criterion, Not, Rule
from personalize.eligibility.polarity import EXCEPT, is_permission, polar
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in

BRAIN_TRIGGERS = ("brain", "cns", "central nervous", "leptomening", "cerebral", "intracranial", "mening")


_BRAIN = re.compile(
    r"(?:brain|cns|cerebral|intracranial|central nervous(?: system)?(?: \(cns\))?|leptomeningeal|parenchymal)(?: and/or \w+"
    r"| or \w+|/\w+)?(?: \w+){0,2}? ?(?:metast\w+|mets\b|involvement|disease\b(?! of)|lesions?|tumou?r involvement"
    r"|spread|malignan\w+ or metas\w+|lymphoma|leuk\w+|progression)|"
    r"metast\w+(?: disease)?(?: lesions?)? (?:to|in|involving|of|within) (?:the )?(?:brain|cns|central nervous)"
    r"|leptomening\w+|carcinomatous mening\w+|meningeal (?:carcinomatosis|involvement|disease)|cns ?-?3\b|(?:brain"
    r"|cns) (?:and|or|and/or|/) ?(?:leptomening|spinal|mening)\w*[\w ,/()-]{0,30}metast\w+|involvement of the (?:cns"
    r"|central nervous|brain)|(?:cns|brain) (?:\(\w+\) )?(?:involvement|metast)|brain or leptomen\w+"
)


# So many, so large, or in the meninges alone: metastases in the brain need not be among them.
_SOME_BRAIN = re.compile(
    r"[<>]=? ?\d+ ?(?:cm|mm)?[\w ,()/-]{0,20}(?:brain|cns|cerebral|intracranial)"
    r"|^(?!.*(?:brain|cns|central nervous|cerebral|intracranial))\W*(?:[\w-]+ ){0,4}(?:carcinomatous|neoplastic|malignant|leptomening\w*|mening\w*)"
)


def read_brain_mets(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _BRAIN.search(words)
    if not found or (
        re.search(r"primary (?:cns|brain|central nervous system|malignan\w+ of the (?:cns|brain))", words) and "metasta" not in words
    ):
        return
    if re.search(r"non-?malignant|(?:non|not) (?:metastatic|neoplastic)|stroke|epilepsy|seizure", words) and not re.search(
        r"metast|leptomen|malignan", found[0]
    ):
        return
    if is_permission(words):
        yield from _welcome_brain_mets(passage, words)
        return
    rule: Criterion = Rule("brain_mets", _brain_op(passage, words, found))
    if passage.kind is Kind.EXCLUSION and _SOME_BRAIN.search(words):
        rule = AllOf((rule, Rule("unread", "as_written", "the number, size or place that the rule names")))
    made = polar(rule, passage, found.start())
    if made is None and re.search(r"treated|stable|asymptomatic|controlled", words) and re.search(r"must|should|only if|required", words):
        made = Not(Rule("brain_mets", "untreated_or_active"))
    if made == Not(Rule("brain_mets", "known")) and re.search(r"\bor\b[^.;]*\b(?:treated|stable|controlled|asymptomatic)\b", words):
        made = Not(Rule("brain_mets", "untreated_or_active"))
    if made is not None:
        yield made


def _welcome_brain_mets(passage: Passage, words: str) -> Iterator[Criterion]:
    """Patients with treated brain metastases are eligible: those with others are not. That they may be, and no more, is no rule."""
    if re.search(
        r"\b(?:may|might|can|could) (?:still |also )?be (?:eligible|considered|enrolled|included|allowed)\b", words
    ) and not re.search(r"\b(?:if|provided|only|must|should|as long as|when|after|who have)\b", words):
        return
    if passage.kind is Kind.INCLUSION and re.search(r"(?<!un)treated|stable|resected|asymptomatic|controlled", words):
        is_treated = re.search(r"(?<!un)treated|stable|resected|(?<!un)controlled", words)
        yield Not(Rule("brain_mets", "untreated_or_active" if is_treated else "symptomatic"))


def _brain_op(passage: Passage, words: str, found: re.Match[str]) -> str:
    before, all_of_it = words[: found.end()], passage.bullet
    if re.search(r"\bhistory of\b|\bprior\b", before) and re.search(r"\bactive\b,? (?:or|and|and/or) ", before):
        return "known"
    if re.search(r"untreated,? (?:or|and/or) (?<!a)symptomatic|symptomatic,? (?:or|and/or) untreated", before):
        return "untreated_or_active"
    if re.search(r"(?<!a)symptomatic", before) and "asymptomatic" not in before:
        return "symptomatic"
    if re.search(
        r"untreated|unstable|uncontrolled|progressi(?:ve|ng)|requir|treated|stable|asymptomatic|eligible|allowed|permitted",
        all_of_it.replace("previously treated or untreated", ""),
    ) and (
        EXCEPT.search(all_of_it)
        or re.search(
            r"untreated|unstable|uncontrolled|progressi|not (?:been )?(?:treated|stable|controlled)|requir",
            before + words[found.end() : found.end() + 60],
        )
    ):
        return "untreated_or_active"
    if re.search(r"\bactive\b|clinically active|requir|progressi|uncontroll", before) or re.search(
        r"^[^.;]{0,30}(?:that (?:is|are) )?(?:active|progress\w+ on)", words[found.end() :]
    ):
        return "active"
    return "known"


AUTOIMMUNE_TRIGGERS = ("autoimmun", "auto-immun", "immune-mediated", "immune mediated", "autoimmune")


_AUTOIMMUNE = re.compile(
    r"auto-?\s?immun(?:e|ity)[\w /,-]{0,40}?(?:diseases?|disorders?|conditions?|illness\w*|syndromes?|process\w*)"
    r"|auto-?immunity|auto-?immune\b(?! (?:hepatitis|thyroid|hemolytic|haemolytic|cytopenia|adverse|pancreatitis"
    r"|hypothyroid|toxic))|immune[- ]mediated (?:\w+ )?(?:diseases?|disorders?|conditions?)"
)


def read_autoimmune(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _AUTOIMMUNE.search(words)
    if not found or is_permission(words):
        return
    if re.search(r"^(?:replacement therapy|e\.g|note)|such as autoimmune|including autoimmune|except (?:for )?auto", words):
        return
    rule: Criterion = Rule("autoimmune", _autoimmune_op(words, found), window_days=_autoimmune_window(words, found))
    if isinstance(rule, Rule) and rule.op == "history" and re.search(r"significant|major|severe|serious", words[: found.end()]):
        rule = AllOf((rule, Rule("unread", "as_written", "how severe it was")))
    made = polar(rule, passage, found.start())
    if made is not None:
        yield made


def _autoimmune_op(words: str, found: re.Match[str]) -> str:
    tail = words[found.end() : found.end() + 190]
    if re.search(
        (
            r"requir|systemic|immunosuppress|steroid|(?:in need of|need(?:ing|s)?|with|under|on|received?|receiving"
            r"|undergoing|treated|active) (?:\w+ ){0,3}(?:treatment|therapy|drugs?|medication|agents?)|disease[- ]modifying"
            r"|treated (?:with|within)"
        ),
        tail,
    ) and not tail.startswith(" or"):
        return "requires_immunosuppression"
    before = words[max(0, found.start() - 70) : found.start()]
    if re.search(r"histor|prior|previous|past|ever|suspected|documented|known or|pre-?existing", before):
        return "history"
    if re.search(r"active|uncontrolled|current|ongoing|severe|symptomatic|clinically|significant", before):
        return "active"
    return "history" if re.search(r"history|past|prior", words) else "active"


def _autoimmune_window(words: str, found: re.Match[str]) -> int | None:
    return days_in(words[found.end() :])
