"""Which cancer a sentence asks for, and which cell types it keeps out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.criteria.disease import kinds_of
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage
from personalize.vocabulary import Lexicon, load

TRIGGERS = ("cancer", "carcinoma", "tumor", "tumour", "malignan", "neoplas", "lymphoma", "leuk", "myeloma", "melanoma", "sarcoma", "glioma",
"blastoma", "mesothelioma",
            "pdac", "nsclc", "sclc", "hcc", "crc", "dlbcl", "nhl", "all", "aml", "cll", "mcl", "nets", "gist", "gej", "lbcl", "hnscc", "tnbc", "rcc",
            "carcinoid", "thymoma", "mm", "myelodysplas")  # fmt: skip


_HAS_DISEASE = re.compile(
    r"histolog|cytolog|patholog|confirm|diagnos|document|proven|biopsy|suffer|must have|patients? with|subjects? with"
    r"|participants? with|individuals with|adults? with|"
    r"relapsed|refractory|metastatic|advanced|unresectable|resectable|recurrent|measurable|have |has |stage (?:i|1|2|3"
    r"|4)|newly|previously|presence of|eligible (?:disease|tumou?r|histolog)|tumou?r types?|locally|untreated|resected"
    r"|borderline|malignan\w+ (?:that|which)|express"
)


_NOT_THE_DISEASE = re.compile(
    r"(?:brain|cns|liver|hepatic|bone|lung|central nervous system|leptomeningeal|peritoneal|nodal|lymph node"
    r"|distant) (?:metast|involve|lesion)|informed consent|life expectancy|contracept|pregnan|"
    r"birth control|\bsurvival\b|tissue (?:sample|block|available)|archival|\bbiops(?:y|ies)\b.{0,40}\b(?:available"
    r"|collect|provide|willing|consent)|family history|first[- ]degree|tumou?r (?:lysis|flare|marker|board|sample"
    r"|tissue|block|bed|burden|necrosis)|"
    r"willing|agree to|ability to|recovered from|toxicit|adverse|anti-?cancer|cancer[- ](?:directed|related|associated)"
    r"|oncolog\w+ (?:doctor|team)|national cancer institute|cancer (?:center|centre|institute|therap|treatment|drug"
    r"|network|risk)|"
    r"(?:recist|response (?:evaluation )?criteria)[^.]{0,4} in solid|guidelines?|measured|lesion (?:that|which"
    r"|amenable)|american joint committee on cancer|caused by (?:the )?(?:cancer|tumor)"
)


_SOFT_NOISE = Quick(
    r"response (?:evaluation )?criteria (?:for|in) solid tumou?rs?|\brecist\b[^.;]{0,12}solid tumou?rs?"
    r"|american joint committee (?:on|for) cancer|national (?:comprehensive )?cancer (?:institute|network)|union (?:for"
    r"|against) international cancer\w*|cancer control|"
    r"anti-?(?:cancer|tumou?r|neoplastic)[\w -]{0,14}|(?:cancer|tumou?r)[- ](?:directed|related|associated)[\w -]{0,10}"
    r"|tumou?r (?:tissue|samples?|blocks?|biops\w+|lysis|markers?|cells?|specimens?|burden|flare|proportion|types?"
    r"|sites?|lesions?|deposits?|progression|assessments?|response|board|material|mutational|expression)|"
    r"eastern cooperative oncology|european organi[sz]ation for research and treatment of cancer|cancer (?:therap\w+"
    r"|treatments?|drugs?|vaccines?|cells?)|toxicity criteria[^.;]{0,30}|breast(?:-?\s?)?feed\w*|breast milk"
    r"|primary tumou?r\b|site of (?:cancer|tumou?r)|world health organi[sz]ation[^.;]{0,60}tumou?rs?|all(?= (?:patients"
    r"|subjects|participants|of|the|other|prior|available|toxicit|acute|study|screening|inclusion|eligib|are|must|women"
    r"|females?))|\bmet(?= )",
    "response|recist|american joint|national|union|cancer|anti|tumo|eastern coop|european org|toxicity crit|breast|primary tumo|site of|world health"
    "|all |met ",
)


_OTHER_CANCER = re.compile(
    r"\b(?:other|another|second\w*|concurrent|additional|prior|previous|history of|no) (?:\w+ ){0,4}(?:malignan|cancer"
    r"|carcinoma|tumou?r|neoplas|leuk|lymphoma)"
)


_THERAPY = re.compile(
    r"\b(?:therap(?:y|ies)|treatment|untreated|chemotherapy|regimens?|lines?|drugs?|received|treated"
    r"|surgery)\b[^.,;:]{0,30}\b(?:for|of|to treat|against)(?: the| their)?\s(?:[\w/-]+,? ){0,6}$"
)


_OPEN_LIST = re.compile(
    r"(?:including|include|includes)(?:,? but)?(?:,| is| are)? not (?:necessarily )?limited to|\betc\b|and others?\b"
    r"|any other|or other (?:solid|epithelial|advanced|tumou?r|cancer|malignan)|among others|such as|e\.g\."
)


_HISTOLOGIES = (
    ("neuroendocrine", r"neuroendocrine|islet[- ]cell|carcinoid"), ("mixed_adeno_neuroendocrine",
    r"mixed adeno\w*[- ]neuroendocrine|minen\b|manec\b|mixed (?:histolog|tumou?r)"),
    ("sarcomatoid", r"sarcomatoid"), ("adenosquamous", r"adenosquamous"), ("acinar", r"acinar"), ("squamous",
    r"(?<!adeno)squamous(?! cell (?:skin|carcinoma of the skin))"),
    ("mucinous", r"mucinous|cystadenocarcinoma"), ("small cell", r"(?<!non-)(?<!non )small[- ]cell (?:histology|component|carcinoma|features)"),
    ("lymphoma", r"pancreatic lymphoma|lymphoma of the pancreas"),
    ("sarcoma", r"(?:pancrea\w+|gastrointestinal) sarcoma"), ("undifferentiated", r"undifferentiated|anaplastic carcinoma"),
)  # fmt: skip


@cache
def _lexicon() -> Lexicon[str]:
    return Lexicon((word.strip(), one["code"]) for one in load("trial_diseases")["disease"] for word in one["words"].split(";"))


def codes_in(words: str) -> list[tuple[str, int, int]]:
    """The cancers that plain words name, with places. "any_cancer" for words that name none in particular."""
    return [(one.entry, one.start, one.end) for one in _lexicon().find(words)]


def narrowed(codes: list[str]) -> tuple[str, ...]:
    """Without those that a wider one of the same list takes in; "any_cancer" alone means any solid tumor."""
    named = list(dict.fromkeys(code for code in codes if code != "any_cancer")) or (["solid_tumor"] if codes else [])
    return tuple(code for code in named if not any(other != code and other in kinds_of(code) for other in named))


def read_diagnosis(passage: Passage) -> Iterator[Criterion]:
    """The cancer that an inclusion asks for. A list is read as any of its members; a list that is open ("such as") as its general term."""
    if passage.kind is Kind.EXCLUSION:
        return
    words = _SOFT_NOISE.blanked(passage.plain)
    found = [one for one in codes_in(words) if not _is_aside(words, *one)]
    if not found or not _asks(words, passage):
        return
    codes = [code for code, _, _ in found]
    if "solid_tumor" in codes or ("any_cancer" in codes and _OPEN_LIST.search(words)):
        first = min(start for code, start, _ in found if code in ("solid_tumor", "any_cancer"))
        before = [code for code, start, _ in found if start < first and code not in ("any_cancer", "solid_tumor")]
        codes = (
            ["solid_tumor"]
            if not before or _OPEN_LIST.search(words) or "any other" in words or "or other" in words
            else [*before, "solid_tumor"]
        )
    wanted = narrowed(codes)
    if wanted:
        yield Rule("diagnosis", "in", wanted, sub="loosely")


def _is_aside(words: str, code: str, start: int, end: int) -> bool:
    """Named as something else: a treatment of it, a spread to it, another cancer, an organ word without a cancer."""
    before, after = words[max(0, start - 60) : start], words[end : end + 30]
    if _THERAPY.search(before) or re.search(
        (
            r"\bif\b[^.;]{0,50}$|(?:except|excluding|exclud\w+|other than|without|not|non|no|rather than|unless"
            r"|negative for)[ -](?:for |with |the |of |to |a )*$"
        ),
        before,
    ):
        return True
    if re.match(
        (
            r" ?-?(?:specific|directed|targeted|related|feeding|fed|milk|surgery|metastas[ie]s|mets|involvement|duct|ducts"
            r"|dysfunction|disease,? (?:hepat|liver)|toxicity|enzyme|insufficiency|function|obstruction|stent)"
        ),
        after,
    ):
        return True
    if code == "any_cancer" and re.search(r"\b(?:in|on|from|within) (?:the |their |his or her )?(?:primary )?$", before):
        return True
    single = words[start:end]
    if single in _ORGANS and not re.match(
        r"(?:,| or| and|/|\)| \(|;)|[ \w,/()-]{0,40}(?:cancer|carcinoma|tumou?r|malignan|adenocarcinoma|origin|primary|neoplas|disease)",
        after,
    ):
        return True
    return code == "any_cancer" and bool(
        re.match(
            (
                r"s? (?:cell|vaccine|antigen|infiltrat|suppress|size|site|type|histolog|specimen|thrombus|is evaluated"
                r"|response|progress|biops|tissue|must express|express)"
            ),
            after,
        )
        and "express" not in after
    )


_ORGANS = frozenset(
    {"pancreatic", "ampullary", "biliary", "gastric", "esophageal", "oesophageal", "esophagus", "colorectal", "colon", "rectum", "breast",
    "prostate", "ovarian", "endometrial", "uterine", "urothelial", "bladder", "head and neck", "salivary gland", "salivary glands", "anal",
    "appendiceal", "duodenal", "hepatocellular", "stomach", "bile duct", "gall bladder", "oropharyngeal", "fallopian tube", "primary peritoneal",
    "mm", "net", "all", "mcl", "gastroesophageal", "periampullary", "triple negative breast", "hepatobiliary", "biliary tract"}
)  # fmt: skip


def _asks(words: str, passage: Passage) -> bool:
    if _OTHER_CANCER.search(words) and not re.search(
        r"histolog|cytolog|confirmed|diagnos(?:is|ed) (?:of|with)|(?:any )?other (?:advanced |metastatic |malignant )?solid", words
    ):
        return False
    if re.search(
        (
            r"^(?:note|if)\b|do(?:es)? not need to be|(?:tissue|samples?|dna) (?:or|is|must|available)|\bno (?:evidence"
            r"|history|known|active|prior|previous|clinical)\b|must not|do(?:es)? not have|personal history"
            r"|not (?:previously )?(?:have )?(?:had|received)|^no \b"
        ),
        words,
    ) and not re.search(
        (
            r"must have (?:a |an )?(?:\w+ ){0,3}(?:diagnosis|histolog)|(?:histolog|cytolog|patholog"
            r"|radiolog)\w+[^.;]{0,40}(?:confirm|proven|document|diagnos|verif)"
        ),
        words,
    ):
        return False
    if re.search(r"\bexclud\w+\b|\bineligible\b|\bnot eligible\b", words) and not re.search(r"histolog|must have", words):
        return False
    hard = _NOT_THE_DISEASE.search(words)
    if hard and not re.search(r"histolog|cytolog|patholog\w+ (?:confirm|proven|diagnos)|confirmed|diagnos(?:is|ed)", words):
        return False
    if passage.intro and re.search(
        r"tumou?r types?|histolog|diagnos|following (?:cancers?|malignan|tumou?r|disease)|types? of cancer", passage.intro
    ):
        return True
    return bool(_HAS_DISEASE.search(words)) or len(words.split()) <= 7


# Carcinomas of that kind, or the poorly differentiated, and not every such tumor.
_SOME_NEUROENDOCRINE = re.compile(
    r"(?:poorly|un)[- ]?differentiated|high[- ]grade|neuroendocrine carcinoma|(?:small|large)[- ]cell|grade 3|\bg3\b|well[- ]differentiated"
)


def read_histology(passage: Passage) -> Iterator[Criterion]:
    """Cell types that are kept out, or asked for, by name."""
    words = passage.plain
    is_out = passage.kind is Kind.EXCLUSION or bool(
        re.search(r"exclud\w+|ineligible|not eligible|not (?:be )?(?:allowed|permitted)|must not", words)
    )
    if not is_out or re.search(
        r"non-?small|therap|skin|basal cell|in situ|concurrent|previous|prior |history of|other malignan|lung cancer|brain", words
    ):
        return
    found = [name for name, pattern in _HISTOLOGIES if re.search(pattern, words)]
    if found and re.search(r"tumou?r|carcinoma|cancer|histolog|component|differentiat|patients with|neoplasm|mesothelioma|disease", words):
        rule: Criterion = Rule("histology", "contains_any", tuple(found))
        if "neuroendocrine" in found and _SOME_NEUROENDOCRINE.search(words):
            rule = AllOf((rule, Rule("unread", "as_written", "the grade that the rule names")))
        yield rule if passage.kind is Kind.EXCLUSION else Not(rule)


def condition_of(words: str) -> Criterion | None:
    """The cancers that a conditional sentence is about ("patients with prostate cancer must ..."), as a condition; None where it has none."""
    codes = narrowed([code for code, _, _ in codes_in(_SOFT_NOISE.blanked(words)) if code != "any_cancer"])
    return Rule("diagnosis", "in", codes, sub="loosely") if codes else None


def unless(condition: Criterion, rule: Criterion, kind: Kind) -> Criterion:
    """The rule binds only where the condition holds."""
    return AnyOf((Not(condition), rule)) if kind is Kind.INCLUSION else rule
