"""The vocabularies of organs, histologies and cancers, made ready for matching; each is built on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from personalize.vocabulary import Lexicon, load


@dataclass(frozen=True, slots=True)
class Site:
    """An organ or place. group: organs that one tumour counts as (renal pelvis with bladder). role: "" | "place" | "node"."""

    name: str
    group: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Histology:
    """What a tumour is made of. is_general: "cancer", "tumor": says little without a site. site: where the word alone settles it."""

    id: str
    family: str
    behaviour: str = "malignant"
    site: str | None = None
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class CancerKind:
    """A cancer by its OncoTree code. site "*": wherever it is found. stem: its staging table, "" where we have none."""

    code: str
    name: str
    site: str
    families: tuple[str, ...]
    stem: str = ""
    is_blood: bool = False


@cache
def sites() -> dict[str, Site]:
    """By name."""
    found = [Site(one.get("name", key), one.get("group", one.get("name", key)), one.get("role", "")) for key, one in load("sites").items()]
    return {one.name: one for one in found}


@cache
def site_lexicon() -> Lexicon[Site]:
    table: dict[str, Any] = load("sites")
    return Lexicon((word.strip(), sites()[one.get("name", key)]) for key, one in table.items() for word in one["words"].split(";"))


@cache
def histology_lexicon() -> Lexicon[Histology]:
    pairs: list[tuple[str, Histology]] = []
    for key, one in load("histologies").items():
        entry = Histology(key, one["family"], one.get("behaviour", "malignant"), one.get("site"), one.get("general", False))
        pairs += [(word.strip(), entry) for word in one["words"].split(";")]
    return Lexicon(pairs)


@cache
def cancers() -> tuple[CancerKind, ...]:
    return tuple(
        CancerKind(one["code"], one["name"], one["site"], tuple(one["families"]), one.get("stem", ""), one.get("blood", False))
        for one in load("cancers")["cancer"]
    )


@cache
def cancer_lexicon() -> Lexicon[CancerKind]:
    """Names that say site and kind at once: "PDAC", "breast cancer"."""
    pairs = [
        (word.strip(), kind)
        for one, kind in zip(load("cancers")["cancer"], cancers(), strict=True)
        for word in one.get("words", "").split(";")
    ]
    return Lexicon((word, kind) for word, kind in pairs if word)


@cache
def cancer_of(site: str | None, family: str) -> CancerKind | None:
    """The cancer that a site and a family of histologies make; None where the two do not name one."""
    for one in cancers():
        if family in one.families and (one.site == "*" or one.site == site):
            return one
    return None


@cache
def stem_of_site(site: str) -> str:
    """The usual staging table of an organ: the stem of its first cancer that has one."""
    usual = {"pancreas": "pancreas", "duodenum": "", "colon": "colorectal"}
    return usual.get(site) or next((one.stem for one in cancers() if one.site == site and one.stem), "")
