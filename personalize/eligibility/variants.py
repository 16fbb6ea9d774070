"""The variants of a gene that a sentence names, and those that it leaves out: "a KRAS mutation other than G12D"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from personalize.criteria import AllOf, AnyOf, Criterion, Rule

_VARIANT = re.compile(r"\b(?:p\.)?(?P<variant>[acdefghiklmnpqrstvwy]\d{2,4}(?:[acdefghiklmnpqrstvwyx]\b|del|ins|dup|fs|\*)?)")
_LEFT_OUT = re.compile(r"\b(?:except|excluding|other than|not|non)\b[^,;]{0,40}$|\bnon-$")
_OTHER_VARIANT = re.compile(r"\bnon-[a-z]\d{2,4}")
_ONE = r"(?:p\.)?[a-z]\d{2,4}[a-z]?\b"
_GENE = r"[a-z][a-z0-9]{2,5} "
_ANY_BUT = re.compile(
    r"(?:(?<!\bor )(?<!\band )\bnon-"
    rf"|\b(?:other than|with the exception of|except(?:ing)?(?: for)?|excluding|but not|not including|exclusive of) ?(?:an? |the |{_GENE})*)"
    rf"(?P<variants>{_ONE}(?:(?:,? (?:and|or) |, ?|/)(?:{_GENE})?{_ONE})*)(?: mutations?| variants?)?"
)


def variants_in(after: str) -> tuple[str, ...]:
    """Those that the words behind a gene ask for, as in "G12D"; a bare letter with two digits is one of RAS only."""
    beside = re.split(r"[.;]|\bor (?:other|another)|\bwho\b|\bmust\b|hla", after)[0][:70]
    found = [one["variant"].upper() for one in _VARIANT.finditer(beside) if not _LEFT_OUT.search(beside[: one.start()])]
    return tuple(dict.fromkeys(one for one in found if not re.fullmatch(r"[A-Z]\d{2}", one) or one.startswith("G1")))


def is_any_other(after: str) -> bool:
    """ "V600E or non-V600": every one."""
    return bool(_OTHER_VARIANT.search(after))


def any_but(words: str) -> tuple[str, tuple[str, ...]]:
    """(the words with the exception blanked out, each in its place; the variants that are left out)."""
    found = _ANY_BUT.search(words)
    if found is None:
        return words, ()
    ending = " mutation" if found[0].endswith(("mutation", "mutations", "variant", "variants")) else ""
    variants = (one["variant"].upper() for one in _VARIANT.finditer(found["variants"]))
    return words[: found.start()] + ending.rjust(len(found[0])) + words[found.end() :], tuple(dict.fromkeys(variants))


def but(rules: Sequence[Rule], left_out: tuple[str, ...]) -> Criterion:
    """Any of the rules, without the variants that are left out."""
    if len(rules) > 1:
        return AnyOf(tuple(rules))
    (only,) = rules
    if not left_out or only.op not in ("mutated", "variant_in"):
        return only
    others = Rule("biomarker", "variant_not_in", left_out, sub=only.sub)
    return others if only.op == "mutated" else AllOf((only, others))
