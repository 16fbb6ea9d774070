"""How far the disease has gone, where it has spread, and how lately."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize.criteria import Criterion, Not, Rule
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in

SITE_TRIGGERS = ("liver metasta", "hepatic metasta", "peritone", "ascites", "lung metasta", "pulmonary metasta")


_SITES = (
    ("liver", r"(?:liver|hepatic) metasta\w+"),
    (
        "peritoneum",
        r"peritoneal (?:disease|metasta\w+|carcinomatosis|involvement|spread)|malignant ascites|cytologically[- ]proven ascites",
    ),
    ("lung", r"(?:lung|pulmonary) metasta\w+"),
)


def read_sites(passage: Passage) -> Iterator[Criterion]:
    """A place it must have spread to."""
    words = passage.plain
    if passage.kind is Kind.EXCLUSION or re.search(
        (
            r"\bif\b|<=|>=|<|>|uln|in (?:case|the presence)|patients with (?:known )?(?:liver|hepatic)|without|\bno\b"
            r"|except|unless|includ|must (?:also )?have|exclud|may|allowed|treat"
        ),
        words,
    ):
        return
    found = tuple(
        site
        for site, pattern in _SITES
        if re.search(r"(?:with|having|have|presence of|known|or|and|either|\w+-proven) (?:[\w-]+ ){0,4}(?:" + pattern + ")", words)
        or (re.search(r"proven ascites", words) and site == "peritoneum")
    )
    if found:
        yield Rule("metastatic_site", "in", found)


def read_dates(passage: Passage) -> Iterator[Criterion]:
    """Growth, or spread, that must be recent."""
    words = passage.plain
    if passage.kind is Kind.EXCLUSION:
        return
    days = days_in(words, least=20)
    if (
        days
        and days <= 800
        and re.search(
            (
                r"(?:documented|evidence of|radiolog\w+|radiograph\w+|shown|confirmed"
                r"|objective)[\w ,/-]{0,60}progress\w+[^.;]{0,60}(?:within|in the|during|over|<=)"
            ),
            words,
        )
        and "biops" not in words
    ):
        yield Rule("clinical_date", "within", sub="last_progression_date", window_days=days)
    elif (
        days
        and re.search(r"metasta\w+[^.;]{0,40}diagnosed|diagnos\w+ (?:of|with) metasta", words)
        and re.search(r"within|<=|past|last", words)
    ):
        yield Rule("clinical_date", "within", sub="metastatic_diagnosis_date", window_days=days)


# Words of which one stands wherever the pattern matches, the pattern, and the stages it names.
_STAGES = tuple(
    (stems, re.compile(pattern), named)
    for stems, pattern, named in (
        (
            ("advanced", "resect", "inoperable", "amenable", "remove", "unsuitable", "locoregional", "la-", "la ", "lapc"),
            r"locally[- ]advanced|unresectable|inoperable|non-?resectable|not (?:surgically )?resectable"
            r"|not amenable to (?:(?:curative|definitive)(?! (?:\w+ )?(?:therap|treatment|option))|surgical|surgery|resection)"
            r"|cannot be (?:surgically )?(?:removed|resected)|unsuitable for (?:curative|surgery|surgical|resection)|locoregional"
            r"|\bla[- ](?=pdac|pancrea|pc\b)|\blapc\b",
            ("locally_advanced",),
        ),
        (("metasta", "stage", "disseminated"), r"metastatic|metastas[ie]zed?|stage (?:iv|4)\b|disseminated", ("metastatic",)),
        (("stage",), r"stage (?:iii|3)\b", ("locally_advanced",)),
        (("relapse", "refractory", "r/r"), r"relapsed|refractory|relapse\b|\br/r\b|relapsed/refractory", ("relapsed_or_refractory",)),
        (("recurren",), r"recurrent|recurrence", ("recurrent",)),
        (("borderline", "br"), r"borderline|\bbr\b(?=[ ,/]*(?:or |and |/)*(?:la\b|pdac|pancrea))|\bbrpc\b", ("borderline",)),
        (
            ("resectable", "operable"),
            r"(?<!un)(?<!non-)(?<!non)(?<!not )(?<!borderline )\bresectable|potentially resectable|(?<!in)operable",
            ("resectable",),
        ),
        (
            ("resect", "surgery", "no evidence", "r0"),
            r"\bresected\b|undergone (?:\w+ ){0,4}(?:resection|surgery)|no evidence of (?:recurrent |residual |metastatic )?disease"
            r"|after (?:curative |complete )?resection|r0[ /]",
            ("resected",),
        ),
    )
)


_ADVANCED = re.compile(r"(?<!locally )(?<!locally-)\badvanced(?:[ -]stage)?\b(?! (?:directive|age|liver|heart|hepatic|lung|cardio))")


_SPREAD_AS_NOUN = re.compile(
    r"(?:brain|cns|liver|hepatic|bone|lung|spinal|leptomeningeal|peritoneal|central nervous system|intracranial"
    r"|visceral)[\w /,-]{0,30}metasta\w+|metasta\w+ (?:to|in) (?:the )?(?:brain|cns|liver|bone|lung|central)"
)


_CANCER_NOUN = re.compile(
    r"cancers?\b|carcinomas?\b|tumou?rs?\b|malignan\w+|disease\b|neoplasms?\b|\bnets?\b|lymphomas?\b|leuk\w+|myeloma"
    r"|melanoma|sarcoma|mesothelioma|nsclc|pdac|crc\b|\ball\b|\bmcl\b|\bcll\b|adenocarcinoma|\bdlbcl\b|\bb-all\b|\bmm\b"
    r"|\bnhl\b"
)


_NO_SPREAD = re.compile(
    r"(?:no|without) (?:\w+ ){0,2}(?:evidence|signs?|presence|history) (?:of|for) (?:any |distant |known "
    r"|systemic )*(?:recurrent|metasta\w+|disease|residual)(?: (?:or|and) \w+)*(?: disease)?|disease[- ]free"
    r"|without (?:distant |any )?metasta\w+|no (?:distant )?metasta\w+"
)


def _extents_in(words: str) -> list[str]:
    extents: list[str] = []
    for stems, pattern, named in _STAGES:
        for found in pattern.finditer(words) if any(map(words.__contains__, stems)) else ():
            if _describes_disease(words, found.start(), found.end(), named[0]):
                extents += named
                break
    if not {"locally_advanced", "metastatic"} & set(extents) and (found_advanced := _ADVANCED.search(words)):
        if _describes_disease(words, found_advanced.start(), found_advanced.end(), "advanced"):
            extents = ["locally_advanced", "metastatic", *(one for one in extents if one != "recurrent")]
    elif (
        "locally_advanced" in extents
        and "metastatic" not in extents
        and re.search(r"unresectable|inoperable|not amenable|(?<!locally )(?<!locally-)advanced|unsuitable", words)
        and not re.search(r"locally[- ]advanced|non-?metastatic|no (?:evidence of )?(?:distant )?metasta", words)
    ):
        extents.append("metastatic")
    return _settled(words, list(dict.fromkeys(extents)))


def read_stage(passage: Passage) -> Iterator[Criterion]:
    """How far the disease must have gone, from an inclusion sentence about the disease itself; or that it must not have spread."""
    if passage.kind is Kind.EXCLUSION:
        yield from _kept_out(passage.plain)
        return
    words = passage.plain
    if "metasta" in words:
        words = _SPREAD_AS_NOUN.sub(lambda found: " " * len(found[0]), words)
    if re.search(r"informed consent|contracept|life expectancy|agree|recovered from|toxicit|prostate-specific|nyha", words):
        return
    clean = _NO_SPREAD.search(words)
    if clean and re.search(r"resect|surg|recurren|residual|disease[- ]free|no evidence of disease|\bned\b", words):
        yield Rule("stage_extent", "in", ("resected",))
        return
    if clean:
        words = _NO_SPREAD.sub(lambda found: " " * len(found[0]), words)
    if re.search(r"must not|\bnot (?:previously )?ha(?:ve|d)|^no ", words):
        return
    extents = _extents_in(words)
    if extents:
        yield Rule("stage_extent", "in", tuple(extents))
    elif clean and "metasta" in clean[0]:
        yield Not(Rule("stage_extent", "in", ("metastatic",)))


_SPREAD_KEEPS_OUT = re.compile(
    r"\W*(?:(?:any|known|documented|presence of|evidence of|patients? with|subjects? with|participants? with"
    r"|individuals with|radiographic|clinical|has|have"
    r"|with|distant|overt|definite|existing|the|an?) ){0,6}"
    r"(?:(?P<both>locally[- ]advanced (?:and/or|or|and) metasta\w+)|metasta(?:tic|ses|sis))(?: (?:pancreatic|disease"
    r"|cancer|carcinoma|adenocarcinoma|tumou?rs?"
    r"|spread|stage|ductal|pdac|\(m1[^)]*\)|\(stage iv\)|or|extra-?pancreatic|lesions?|of|the|to|distant|organs?|sites?"
    r"|\([^)]{1,40}\))){0,7}[ .,]*"
)


def _kept_out(words: str) -> Iterator[Criterion]:
    found = _SPREAD_KEEPS_OUT.fullmatch(words)
    if found:
        yield Rule("stage_extent", "in", ("locally_advanced", "metastatic") if found["both"] else ("metastatic",))


def _describes_disease(words: str, start: int, end: int, named: str) -> bool:
    before, after = words[max(0, start - 70) : start], words[end : end + 70]
    if re.search(r"\b(?:no|not|without|non|absence of|or be)[ -](?:\w+ ){0,3}$", before) and named not in ("locally_advanced",):
        return False
    if re.search(
        (
            r"\b(?:therap(?:y|ies)|treatments?|chemotherapy|chemotherapies|regimens?|lines?|treated|drugs?|untreated|failed"
            r"|received)\b[^.;:]{0,40}\b(?:for|in|of|to treat)\b[^.;:]{0,35}$"
        ),
        before,
    ):
        return False
    if named == "relapsed_or_refractory" and re.search(r"\bchemo(?:therapy)?[- ](?:refractory (?:or|and/or) )?$", before):
        return False
    if named == "relapsed_or_refractory" and re.match(r"(?: or \w+)? to\b", after) and not re.search(r"relapsed (?:or|and/or) $", before):
        return False
    if named == "resected":
        return True
    return bool(_CANCER_NOUN.search(after[:60])) or bool(_CANCER_NOUN.search(before[-35:])) or len(words.split()) <= 8


def _settled(words: str, extents: list[str]) -> list[str]:
    if "recurrent" in extents and len(extents) > 1:
        extents = [one for one in extents if one != "recurrent"]
    if extents == ["recurrent"]:
        return ["metastatic", "locally_advanced"] if not re.search(r"lymphoma|leuk|myeloma|\ball\b", words) else ["relapsed_or_refractory"]
    if "relapsed_or_refractory" in extents and {"metastatic", "locally_advanced"} & set(extents):
        extents.remove("relapsed_or_refractory")
    if (
        "resectable" in extents
        and {"metastatic", "locally_advanced"} & set(extents)
        and re.search(r"not (?:a )?(?:\w+ ){0,3}(?:candidate|resectable)|deemed", words)
    ):
        extents.remove("resectable")
    return extents
