"""The deepest layer that the report says is invaded, for organs that are staged by depth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from personalize.vocabulary import load
from records.extraction.context import context_at
from records.extraction.finding import Assertion
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.segments import Segment, unbroken

_LAYERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "organ",
        lazy(
            (
                r"(?:invad\w+|extend\w+ (?:in)?to|involv\w+|infiltrat\w+|penetrat\w+ (?:in)?to) (?:directly )?(?:the "
                r"|adjacent )*(?:adjacent (?:organs?|structures)|other organs?|urinary bladder|prostate|abdominal wall"
                r"|spleen|liver|small bowel|uterus|pancreas)"
                r"|(?:in)?to (?:the )?(?:(?:wall|serosa|muscularis propria|submucosa|mucosa) of )?(?:the |an |another )*(?:adjacent|adhe(?:red|rent"
                r"|sed)|attached|neighbou?ring) (?:\w+ ){0,3}?(?:small (?:bowel|intestine)|bowel|ileum|jejunum|duodenum|stomach|ovary"
                r"|fallopian tube|bladder|organs?|structures?|loop)"
            ),
            re.I,
        ),
    ),
    ("omentum", lazy(r"\b(?:invad\w+|extend\w+|infiltrat\w+|involv\w+|into)\b[^.;]{0,60}?\bomentum", re.I)),
    (
        "serosa",
        lazy(
            (
                r"(?:invad\w+|extend\w+|penetrat\w+|involv\w+|perforat\w+|through|breach\w+|to"
                r"|on)[^.;]{0,40}\b(?:serosal surface|visceral peritoneum|the serosa\b|serosa\b)"
            ),
            re.I,
        ),
    ),
    (
        "beyond",
        lazy(
            r"(?:through|beyond|past|traverses?) (?:the )?(?:full thickness of the )?(?:muscularis propria"
            r"|muscular wall|muscle wall|bowel wall|muscularis)|(?:in)?to (?:the )?(?:\w+ ){0,3}?(?:sub-?serosa\w*"
            r"|peri-?colonic|peri-?colorectal|peri-?rectal|mesorect\w+|mesenteric fat|adventitia|peri-?gastric"
            r"|peri-?esophageal|pericolic|subserosal|perimuscular)"
            r"|(?:invad\w+|involv\w+|infiltrat\w+)(?: \w+){0,3}? (?:the )?(?:sub-?serosa\w*|pericolonic|pericolorectal"
            r"|perirectal|pericolic|adventitia|mesorectal|perigastric|perimuscular|peri-?esophageal)"
            r"|(?:invad\w+|infiltrat\w+|extend\w+|penetrat\w+|extension|invasion) (?:in|into|to|of)? ?(?:the )?"
            r"(?:adjacent |surrounding |neighbou?ring |peri\w+ )?(?:fat|fatty|adipose)(?: tissues?)?\b"
            r"|(?:invad\w+|infiltrat\w+|invasion of|through|penetrat\w+|involv\w+) (?:all|the (?:entire|full|whole)) (?:the )?(?:\w+ )?"
            r"(?:layers|thickness)\b|\btransmural(?:ly)?\b(?= \w*(?:inva|infiltr|exten|tumou?r|carcinoma))",
            re.I,
        ),
    ),
    (
        "muscularis",
        lazy(
            (
                r"(?:in)?to (?:but not through )?(?:the )?(?:\w+ )?(?:muscularis propria|muscle wall|muscular wall)"
                r"|(?:invad\w+|involv\w+|infiltrat\w+|confined to|limited to"
                r"|within)(?: \w+){0,3}? (?:the )?(?:\w+ )?muscularis propria"
            ),
            re.I,
        ),
    ),
    (
        "submucosa",
        lazy(
            (
                r"(?:in)?to (?:the )?(?:\w+ )?submucosa|(?:invad\w+|involv\w+|infiltrat\w+|confined to|limited to"
                r"|within)(?: \w+){0,3}? (?:the )?submucosa"
            ),
            re.I,
        ),
    ),
    (
        "mucosa",
        lazy(
            (
                r"(?:in)?to (?:the )?(?:lamina propria|muscularis mucosa\w*)|(?:invad\w+|involv\w+|confined to|limited to"
                r"|intramucosal)(?: \w+){0,3}? (?:the )?(?:lamina propria|muscularis mucosa\w*|mucosa)\b"
                r"|intramucosal (?:adeno)?carcinoma"
            ),
            re.I,
        ),
    ),
)


# "Depth of invasion: submucosa": in the slot of the label a layer's name is enough
_DEPTH_SLOT = lazy(
    r"(?:(?:depth|level|extent) of (?:\w+ )?(?:invasion|infiltration|penetration)|(?:tumou?r|microscopic|local)(?: tumou?r)? "
    r"(?:extent|extension|infiltration|invasion)|invades (?:in)?to)(?: \([^()]{1,40}\))? ?[:=] ?(?P<said>[^:;.\n]{3,70})",
    re.I,
)


_SLOT_LAYERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("organ", lazy(r"adjacent (?:organs?|structures)|other organs", re.I)),
    ("serosa", lazy(r"(?<!sub)(?<!sub-)serosa\b|visceral peritoneum|serosal surface", re.I)),
    (
        "beyond",
        lazy(
            r"sub-?serosa|adventitia|peri-?(?:colic|colonic|colorectal|rectal|gastric|esophageal|muscular)|mesorect|\bfat\b|fatty|adipose",
            re.I,
        ),
    ),
    ("muscularis", lazy(r"muscularis propria|\bmuscular(?:is)?\b(?! mucosa)|muscle", re.I)),
    ("submucosa", lazy(r"sub-?mucosa", re.I)),
    ("mucosa", lazy(r"(?<!sub)(?<!sub-)mucosa|lamina propria", re.I)),
)


_DEFINES = lazy(r"\W*p?T ?[0-4][ab]?\b\W*(?:tumou?r|invades|perforat)", re.I)  # a list of what the categories mean


SKIPPED = frozenset(
    (Section.LITERATURE, Section.TECHNIQUE, Section.HISTORY, Section.FAMILY, Section.PLAN, Section.PAST_MEDICAL, Section.IMAGING)
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A category worked out from [start, end) of a segment. words: what it was made of, where that is less than the span ("0.8 cm")."""

    category: str
    segment: Segment
    start: int
    end: int
    words: str = ""


def by_depth(report: Report, stem: str, *, is_stated: bool = False) -> Measure | None:
    """The deepest layer that the report says is invaded. is_stated: the T is stated, and only its letter is asked for."""
    categories = _layers_of(stem, "by_depth") | (_layers_of(stem, "refined_by_depth") if is_stated else {})
    labelled = _by_label(report, categories) if categories else None
    if labelled is not None:
        return labelled
    for layer, grammar in _LAYERS if categories else ():
        if layer not in categories:
            continue
        for segment in report.segments:
            if not _may_tell_depth(segment):
                continue
            found = grammar.search(unbroken(segment).text)
            if (
                found
                and context_at(segment, found.start(), found.end()).assertion is Assertion.PRESENT
                and not re.search(
                    r"\bnot\b(?! (?:through|beyond|into|past)\b)|\bno\b|does not|without|negative|uninvolved",
                    segment.lower[max(0, found.start() - 30) : found.end() + 25],
                )
            ):
                return Measure(categories[layer], segment, found.start(), found.end())
    return None


@cache
def _layers_of(stem: str, table: str) -> dict[str, str]:
    return dict(pair.strip().split(": ") for pair in load("ajcc")[table].get(stem, "").split(";") if pair.strip())


def _may_tell_depth(segment: Segment) -> bool:
    if segment.section in SKIPPED or segment.is_boilerplate or _DEFINES.match(segment.text):
        return False
    return not (segment.section is Section.GROSS and "gross" in segment.title)


def _by_label(report: Report, categories: dict[str, str]) -> Measure | None:
    """The deepest layer of the first label that names one. "Through the muscularis propria" is beyond it."""
    for segment in report.having(_DEPTH_SLOT, "depth", "extent", "extension", "level", "invasion", "infiltration", "invades"):
        found = _DEPTH_SLOT.search(segment.text) if _may_tell_depth(segment) else None
        if found is None or re.search(r"\b(?:not?|without|cannot|see|none|absent)\b", found["said"], re.I):
            continue
        for layer, words in _SLOT_LAYERS:
            said = words.search(found["said"])
            if said is None:
                continue
            is_through = layer == "muscularis" and re.search(r"\b(?:through|beyond|past)\b", found["said"][: said.start()], re.I)
            category = categories.get("beyond" if is_through else layer)
            return Measure(category, segment, found.start(), found.end()) if category else None
    return None
