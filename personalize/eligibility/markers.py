"""Biomarkers and HLA types that a sentence asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from personalize.criteria import AllOf, AnyOf, Criterion, IfKnown, Not, Rule
from personalize.eligibility.polarity import is_negated, is_permission
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.variants import any_but, but, is_any_other, variants_in
from personalize.vocabulary import Lexicon, load

_CHANGED = re.compile(
    r"\bmutat\w*|\bmutant|\bvariants?\b|\balterations?\b|\bpathogenic|\bdeleterious|\bharbou?r|\babnormalit"
    r"|\baberration|-?mutant\b|-?mutated\b|\bactivating|\bloss[- ]of[- ]function"
)
# "MTAP deletion", "loss of MTAP"; a deletion inside an exon is a change of the gene, and so is a loss of function.
_LOSES = re.compile(
    r"^[ -]{0,2}(?:gene |protein |expression |homozygous |biallelic |deep |complete ){0,3}(?:loss\b(?![- ]of[- ]function)|lost\b|delet|deficien|null\b)"
)
_LOSS_OF = re.compile(r"\b(?:loss|deletions?|deficiency) (?:of|in) (?:the )?(?:[\w/-]+,? (?:or |and )?){0,3}$")
_ANY_CHANGE = re.compile(r"\bmutat\w*|\bvariants?\b|\balterations?\b|\bexon\b|\binactivat")
# HER2 of 2+ counts with a positive ISH only: such a list says what positive means.
_WITH_ISH = re.compile(
    r"\b(?:f?ish|in situ hybridi[sz]ation)\b[^.;]{0,20}(?:positiv|\+|amplif)"
    r"|(?:positiv\w*|amplif\w*)[^.;]{0,20}\b(?:f?ish|in situ hybridi[sz]ation)\b"
)
_EXPRESSED = re.compile(r"express\w*|overexpress\w*|positiv\w*|\+(?=[ ,.)]|$)|\bimmunohistochem\w*|\bihc\b|stain\w*|\bhigh\b|amplif\w*")
_NOT_ASKED = re.compile(
    r"^[ -]?(?:/\w+ )?(?:[\w ]{0,22})?(?:inhibitors?|targeted|targeting|antagonist|antibod(?:y|ies)|agents?|directed"
    r"|blockade|blocking|vaccines?|therap(?:y|ies)|treatments?|tkis?|car[- ]?t?s?\b|degraders?|adcs?|antibody-drug"
    r"|drug conjugate|bispecific|chimeric|t[- ]cells?|inhibition|immunotherap\w+|specific|based|ligand)\b"
)
_BEFORE_DRUG = re.compile(
    r"(?:\banti|targeting|targeted|against|directed (?:at|to|against)|inhibitors? of|inhibit|therap\w+ (?:for|against)"
    r"|agents? (?:against|targeting)|pan)[- ]?(?:[\w.-]+(?:, ?| or | and |/))*$"
)
_PRIOR = re.compile(
    r"\b(?:prior|previous(?:ly)?|received|history of|treatment with|treated with|therapy with|exposure to|progress\w* (?:on|after))\b"
)
_EXEMPTS = re.compile(
    r"do(?:es)? not (?:need|require|have) (?:to be )?(?:\w+ )?(?:test|assess|screen|confirm)\w*|(?:testing|expression"
    r"|screening) is not required"
)
_CONDITIONAL = re.compile(
    r"^\W*(?:for |if |in )?(?:patients?|subjects?|participants?|those|individuals|tumou?rs?)?[^.;]{0,60}(?:with|whose"
    r"|who have|harbou?ring)[^.;]{3,130}\b(?:must|should|are required|need to|has to"
    r"|have to) (?:also )?(?:have )?(?:been |be )?(?:received|treated|progress\w*|failed|offered|relapsed|given)"
)


@dataclass(frozen=True, slots=True)
class _Marker:
    name: str
    start: int
    end: int
    is_protein: bool


@cache
def _terms() -> tuple[tuple[str, tuple[str, bool]], ...]:
    rows: list[dict[str, Any]] = load("trial_markers")["marker"]
    return tuple((word.strip(), (row["name"], bool(row.get("is_protein")))) for row in rows for word in row["words"].split(";"))


@cache
def _lexicon() -> Lexicon[tuple[str, bool]]:
    return Lexicon(_terms())


def triggers() -> tuple[str, ...]:
    """The words of the list, one of which stands in every sentence about a marker."""
    return tuple({word.lower() for word, _ in _terms()})


def markers_in(words: str) -> list[_Marker]:
    """Markers that plain words name, with places; drugs and cells against them are left out."""
    found = []
    for one in _lexicon().find(words):
        name, is_protein = one.entry
        if re.search(r"[a-z0-9]-$", words[: one.start]) and not re.search(r"(?:non|anti)-$", words[: one.start]):
            continue
        if not _NOT_ASKED.match(words[one.end : one.end + 45]) and not _BEFORE_DRUG.search(words[max(0, one.start - 60) : one.start]):
            found.append(_Marker(name, one.start, one.end, is_protein))
    return found


def read_markers(passage: Passage) -> Iterator[Criterion]:
    """What the tumor, or the person, must carry; a result that need not be known excludes only where it is."""
    words, left_out = any_but(passage.plain)
    found = markers_in(re.split(r"\bunless\b", words)[0] if "unless" in words else words)
    if not found:
        return
    if is_permission(words) and not re.search(r"\bonly\b|must|required", words):
        return
    if _EXEMPTS.search(words):
        return
    if _CONDITIONAL.search(words) or re.search(
        (
            r"^if\b|known to (?:over)?-?express|status (?:will|may|can|must) be|(?:may|can|will) be (?:confirmed|determined"
            r"|tested|assessed|informed)|contracept|adverse event|informed consent form|wild type or|regardless of"
            r"|irrespective"
        ),
        words,
    ):
        return
    if re.search(r"\b(?:as|since|because) [\w ]{0,40}(?:is|are) not express", words):
        return
    rules = _said_of(words, found, passage.kind)
    if not rules:
        return
    made = but(rules, left_out)
    made = _of_its_cancer(words, found, made)
    exempt = _exempt_cancers(passage)
    if exempt is not None and passage.kind is Kind.INCLUSION:
        made = AnyOf((made, exempt))
    if passage.kind is Kind.EXCLUSION:
        yield _kept_out(words, made)
    elif _is_denied(words, found[0]):
        yield IfKnownNot(made) if "known" in words and re.search(r"no known|not known|without known", words) else Not(made)
    else:
        yield made


# "RAS wild type (no mutation in KRAS or NRAS)" says it twice.
_NO_MUTATION = re.compile(r"\b(?:no|without|absence of)\b (?:\w+ ){0,3}mutations?\b")


def _said_of(words: str, found: list[_Marker], kind: Kind) -> list[Rule]:
    rules = list(dict.fromkeys(rule for one in _grouped(words, found) if (rule := _rule_of(words, one, kind)) is not None))
    wild = [rule for rule in rules if rule.op == "wild_type"]
    return wild if wild and _NO_MUTATION.search(words) else rules


def _kept_out(words: str, made: Criterion) -> Criterion:
    if _LACKS.search(words):
        made = AllOf((made, Rule("unread", "as_written", "what the tumor must lack beside it")))
    is_open = re.search(r"\b(?:when|if|where)\b[^.;]{0,60}known|if (?:test|result)s? (?:is|are) (?:known|available)", words)
    return IfKnown(made) if is_open else made


# An exclusion for want of a marker, or of one beside another: it keeps nobody out who has it.
_LACKS = re.compile(
    r"\b(?:without|lack\w*|absence of|absent|no|not|loss of|insufficient|low(?:er)?)\b[^.;]{0,40}(?:express\w*|stain\w*|positiv\w*)"
    r"|(?:express\w*|stain\w*|positiv\w*)[^.;]{0,40}(?:<|\bnot\b|\babsent\b|\bundetect\w*|\black)"
)


def _of_its_cancer(words: str, found: list[_Marker], made: Criterion) -> Criterion:
    """In a list of cancers, a marker right before one of them ("RAS wild type colorectal cancer") binds that one."""
    from personalize.eligibility.diagnosis import codes_in

    named = [one for one in codes_in(words) if one[0] not in ("any_cancer", "solid_tumor")]
    beside = next((code for code, start, _ in named if 0 < start - found[-1].end < 24 and len(found) == 1), None)
    is_list = len({code for code, _, _ in named}) > 1 or len(words.split()) <= 6
    return (
        AnyOf((Not(Rule("diagnosis", "in", (beside,), sub="loosely")), made))
        if beside and is_list and isinstance(made, Rule) and made.op == "wild_type"
        else made
    )


def IfKnownNot(made: Criterion) -> Criterion:
    return Not(IfKnown(made))


def _is_denied(words: str, first: _Marker) -> bool:
    return is_negated(words, first.start, 70) and not re.search(
        r"non-?small|not (?:required|limited)|no (?:available|standard|curative|other)", words[max(0, first.start - 70) : first.start]
    )


def _grouped(words: str, found: list[_Marker]) -> list[list[_Marker]]:
    """Markers that are listed together ("BRCA1, BRCA2 or PALB2") share what is said of them."""
    groups: list[list[_Marker]] = []
    for one in found:
        gap = words[groups[-1][-1].end : one.start] if groups else ""
        if groups and re.fullmatch(r"[ ,/()]*(?:and|or|and/or|&)?[ ,/(]*", gap) and groups[-1][-1].is_protein == one.is_protein:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _rule_of(words: str, group: list[_Marker], kind: Kind) -> Rule | None:
    first, last = group[0], group[-1]
    sub = "/".join(dict.fromkeys(part for one in group for part in one.name.split("/")))
    after, before = words[last.end : last.end + 110], words[max(0, first.start - 75) : first.start]
    if _PRIOR.search(before) and not re.search(r"mutation|express|positiv", before + after[:40]):
        return None
    if first.name in ("MSI", "TMB"):
        return _state_rule(words, first, after)
    if re.match(r"[ -]{0,2}(?:gene )?(?:wild[- ]?type|\bwt\b)", after) or re.search(r"wild[- ]?type[ \w]{0,8}$", before):
        return Rule("biomarker", "wild_type", sub=sub)
    variants = variants_in(after)
    if variants and not first.is_protein and is_any_other(after[:70]):
        return Rule("biomarker", "mutated", sub=sub)
    if variants and not first.is_protein:
        return Rule("biomarker", "variant_in", variants, sub=sub)
    joined = re.search(r"fusion|rearrangement|translocat", after[:45])
    if joined and not ("mutat" in after[: joined.start()] and _lexicon().find(after[: joined.start()])):
        return Rule("biomarker", "fusion", sub=sub)
    if (first.is_protein and sub not in ("HER2", "HER3")) or (_EXPRESSED.search(after[:70] + " " + before[-45:]) and first.is_protein):
        return _expression_rule(words, first, before, after, sub)
    return _gene_rule(words, sub, before, after)


def _gene_rule(words: str, sub: str, before: str, after: str) -> Rule | None:
    """Lost, changed, or changed from birth."""
    is_lost = _LOSES.match(after) or _LOSS_OF.search(before)
    if is_lost and not _ANY_CHANGE.search(before[-30:] + after[:50]):
        return Rule("biomarker", "lost", sub=sub)
    if _CHANGED.search(after[:75]) or _CHANGED.search(before[-60:]):
        is_inherited = re.search(r"germ-?line|hereditary|inherited|\bgbrca", words) and not re.search(r"somatic", words)
        return Rule("biomarker", "germline" if is_inherited else "mutated", sub=sub)
    return Rule("biomarker", "mutated", sub=sub) if re.match(r"[ -]{0,2}amplif|[ -]{0,2}(?:gene )?delet|[ -]{0,2}loss", after) else None


def _state_rule(words: str, marker: _Marker, after: str) -> Rule | None:
    around = words[max(0, marker.start - 30) : marker.end + 40]
    if re.search(r"stable|proficient|\blow\b|\bmss\b|pmmr|status|determin|test(?:ed|ing)\b", around) and "high" not in around:
        return None
    return Rule("biomarker", "positive", sub=marker.name)


def _expression_rule(words: str, marker: _Marker, before: str, after: str, sub: str) -> Rule | None:
    near = after + " " + before[-60:]
    if not (_EXPRESSED.search(near) or re.match(r"\s*(?:tumou?r|cancer|solid|disease|malignan)", after)) or re.search(
        r"car[- ]?t|tcr", after[:14]
    ):
        return None
    if re.match(r"[ -]{0,2}(?:ihc )?(?:negative|neg\b)", after):
        return Rule("biomarker", "negative", sub=sub)
    share = re.search(r"(?:>=|>) ?(\d{1,2})(?:\.\d)? ?%", words[marker.start :]) or re.search(
        r"(\d{2}) ?% (?:or (?:more|greater) )?of (?:the )?(?:tumou?r|cancer|malignant|viable)? ?cells", words
    )
    scores = _ihc_scores(words[marker.start :])
    if sub == "HER2" and "2+" in scores and _WITH_ISH.search(words) and not share:
        return Rule("biomarker", "positive", sub=sub)
    if scores and not share:
        return Rule("biomarker", "ihc_in", scores, sub=sub)
    if scores and share and sub == "HER2":
        return Rule("biomarker", "ihc_in", scores, sub=sub)
    if share and sub != "PD-L1":
        return Rule("biomarker", "percent_at_least", float(share[1]), sub=sub)
    return Rule("biomarker", "positive", sub=sub)


def _ihc_scores(words: str) -> tuple[str, ...]:
    least = re.search(r"(?:>=|>) ?(?:ihc )?([12])\+|ihc (?:score )?(?:of )?(?:>=|>) ?([12])", words)
    if least:
        return ("1+", "2+", "3+") if "1" in (least[1], least[2]) else ("2+", "3+")
    found = re.findall(r"(?<![\d.])([1-3])\+", words)
    return tuple(sorted({f"{one}+" for one in found})) if found and re.search(r"ihc|immunohisto|stain|score|express", words) else ()


def _exempt_cancers(passage: Passage) -> Criterion | None:
    """ "pancreatic cancers do not need to be assessed": the cancers that need no test."""
    from personalize.eligibility.diagnosis import codes_in, narrowed

    for clause in re.split(r"[.;]", passage.bullet):
        found = _EXEMPTS.search(clause)
        if found:
            codes = narrowed([code for code, _, _ in codes_in(clause[: found.start()]) if code not in ("any_cancer", "solid_tumor")])
            if codes:
                return Rule("diagnosis", "in", codes, sub="loosely")
    return None


_ALLELE = re.compile(r"(?<![a-z])(?P<gene>[abc]|drb1|dqb1|dpb1|dpa1|dqa1)\*? ?(?P<group>\d{2}):?(?P<protein>\d{2})?(?![\d+%])")
_LOOSE_A2 = re.compile(r"hla-?a ?\*?0?2\b(?!:?\d)|hla-?a2\b")


def read_hla(passage: Passage) -> Iterator[Criterion]:
    """HLA alleles that must be there (or must not); a match asked for without naming alleles settles nothing."""
    words = passage.plain
    if (
        "hla" not in words
        or is_permission(words)
        or re.search(
            r"hla[- ](?:matched|identical|haplo\w*|mismatch\w*) (?:donor|sibling|related|unrelated)|donor|anti-hla|hla-dr\b|hla antibod",
            words,
        )
        or re.search(r"\b(?:loss|lost|deletion|loh|(?:sole|only|single) allele|homozyg\w+|heterozyg\w+)\b", words)
    ):
        return
    start = words.find("hla")
    alleles = []
    for one in _ALLELE.finditer(words, max(0, start - 5)):
        if re.search(r"\bnot (?:for )?(?:hla-?)?$", words[: one.start()]):
            continue
        alleles.append(f"{one['gene'].upper()}*{one['group']}" + (f":{one['protein']}" if one["protein"] else ""))
    if not alleles and _LOOSE_A2.search(words):
        alleles = ["A*02"]
    rule = Rule("hla", "has_any", tuple(dict.fromkeys(alleles))) if alleles else Rule("hla", "unlisted")
    if not alleles and not re.search(r"match|eligible|express|positive|carry|allele|typ(?:e|ing)|haplotype|restrict", words):
        return
    denied = is_negated(words, start, 50) or re.search(r"\b(?:is|are|will be) (?:excluded|ineligible|not eligible)\b", words[start:])
    yield Not(rule) if denied and passage.kind is Kind.INCLUSION and alleles else rule
