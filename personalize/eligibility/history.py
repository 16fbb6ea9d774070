"""Earlier treatment of a named class, and cells among it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from personalize.criteria import AllOf, Criterion, Not, Rule
from personalize.eligibility.polarity import is_negated, is_permission
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage
from personalize.eligibility.windows import days_in
from personalize.vocabulary import Lexicon, load

CLASS_TRIGGERS = (
    "prior",
    "previous",
    "receiv",
    "treat",
    "refractory",
    "exposure",
    "naïve",
    "naive",
    "history of",
    "inhibitor",
    "progress",
    "includ",
)


_RECEIVED = re.compile(
    r"(?:prior|previous(?:ly)?|past|earlier)[\w ,/-]{0,40}(?:treat\w*|therap\w*|exposure|exposed|use\b|received"
    r"|administration|chemotherapy|immunotherapy|with)|(?:received|treated with|exposed to|undergone"
    r"|progress\w+ (?:on|after|following)|progress\w+[^.;]{0,50}(?:while|during) (?:receiving )?)|"
    r"history of (?:\w+ )?(?:treatment|therapy)|(?:treatment|therapy)[ -]?(?:with|including)|refractory to"
    r"|therapy must (?:have )?includ\w+|lines?[\w ]{0,20} including|naive|naïve|failed|receipt of|intoleran\w+ (?:of"
    r"|to)|^\W*(?:any )?(?:prior|previous)\b"
)


_NOT_CLASS = re.compile(
    r"concomitant|concurrent|immunosuppressive (?:medica|drug|agent|therap|treatm)"
    r"|contraindicat|hypersensitiv|allerg|metaboli|cyp|contracept|infection|supportive"
    r"|hormon\w+ replacement|planned|planning|willing|eligible for|candidates? for|during (?:the )?study"
    r"|combination with|to be treated|will receive|scheduled|on study|expected to|adverse|immune-related|toxicit"
    r"|pneumonitis|receiving standard"
)


def _class_terms() -> Iterator[tuple[str, str]]:
    return ((word.strip(), one["name"]) for one in load("trial_classes")["class"] for word in one["words"].split(";"))


def _drug_terms() -> Iterator[tuple[str, str]]:
    return ((row["name"].lower(), row["name"]) for row in load("drugs")["drug"] if not row.get("supportive") and _is_for_cancer(row))


def class_triggers() -> tuple[str, ...]:
    """One of these stands in every sentence that names a class of treatment or a drug against cancer."""
    return tuple({term.lower() for terms in (_class_terms(), _drug_terms()) for term, _ in terms})


@cache
def _classes() -> Lexicon[str]:
    return Lexicon(_class_terms())


@cache
def _drugs() -> Lexicon[str]:
    return Lexicon(_drug_terms())


def _is_for_cancer(row: dict[str, object]) -> bool:
    classes = row.get("classes")
    known = {
        "chemotherapy",
        "targeted",
        "immunotherapy",
        "checkpoint inhibitor",
        "cell therapy",
        "radioligand",
        "antibody-drug conjugate",
        "hormone therapy",
    }
    return isinstance(classes, list) and bool(known & set(classes))


def read_classes(passage: Passage) -> Iterator[Criterion]:
    """Named classes or drugs that were, or were not, given before."""
    words = passage.plain
    classes, drugs = _classes().find(words), _drugs().find(words)
    if not classes and not drugs:
        return
    days = days_in(words, least=5)
    allowed = is_permission(words)
    if (
        words.startswith("if ")
        or not _RECEIVED.search(words)
        or _NOT_CLASS.search(words)
        or (allowed and not (days and re.search(r">= \d", words)))
    ):
        return
    found = [one for one in classes if _is_about_past(words, one.start, one.end)]
    if allowed:
        if found and passage.kind is Kind.INCLUSION:
            yield Not(Rule("treatment", "within_days", tuple(dict.fromkeys(one.entry for one in found)), window_days=days))
        return
    named = list(dict.fromkeys(one.entry for one in found))
    if not named and (passage.kind is Kind.EXCLUSION or re.search(r"must have|prior", words)):
        named = list(dict.fromkeys(one.entry for one in drugs if _is_about_past(words, one.start, one.end)))
    if not named:
        return
    yield from _as_classes(passage.kind, words, (found[0].start, found[-1].end) if found else (0, 0), tuple(named), days)


def _as_classes(kind: Kind, words: str, span: tuple[int, int], named: tuple[str, ...], days: int | None) -> Iterator[Criterion]:
    """What was given keeps out, or must have been given, or must never have been; `span` is where they are named."""
    start, end = span
    if kind is Kind.EXCLUSION:
        if _WANTED.search(words, 0, start or len(words)):
            return
        rule: Criterion = (
            Rule("treatment", "within_days", named, window_days=days)
            if days and days < 400
            else Rule("treatment", "progressed_on" if _WITHSTOOD.search(words, 0, end + 40) else "received_any", named)
        )
        has_exception = re.search(r"\b(?:except|unless|other than|excluding|with the exception)\b", words[start:]) or _WITH_MORE.search(
            words, end
        )
        yield AllOf((rule, Rule("unread", "as_written", "none of the exceptions of the rule"))) if has_exception else rule
    elif re.search(r"na[iï]ve\b[^.;]*\bor\b[^.;]*\b(?:treated|received|had|exposed)\b", words):
        return
    elif re.search(r"na[iï]ve", words) or _never_had(words, start):
        if re.search(r"progress\w*[^.;]{0,50}(?:on|while|during|receiv)", words):
            yield Not(Rule("treatment", "progressed_on", named))
        else:
            yield Not(Rule("treatment", "received_any", named))
    elif is_negated(words, start, 120):
        return
    elif re.search(r"must (?:have|include)|includ|prior|previous|received|refractory|exposed|failed|progress", words) and not re.search(
        (
            r"\bif\b|for (?:patients|subjects|participants)|unless|when (?:indicated|applicable|available|eligible)|where"
            r"|standard[- ]of[- ]care|such as"
        ),
        words,
    ):
        listed = re.sub(r"\([^)]*\)", " ", words[start:end])
        together = re.search(r"\band\b", listed) and not re.search(r"\bor\b", listed)
        yield Rule("treatment", "received_all" if together and len(named) > 1 else "received_any", named)


# A treatment that keeps out only with what came of it.
_WITH_MORE = re.compile(
    r"\b(?:and|but|that|which|who|where|with|if) (?:(?:was|were|has|have|had|been|then|subsequently|later|permanently|it|they|treatment|therapy) )*"
    r"(?:discontinued|stopped|developed|experienced|progress\w*|relapsed|suffered|intoleran\w*|associated|resulted|led|not (?:respond|tolerat)\w*)\b"
    r"|\b(?:resulting in|leading to|due to (?:an? )?(?:grade|toxicit|adverse|severe|serious|immune))"
)
# "Platinum-refractory disease": having had it, and grown on it.
_WITHSTOOD = re.compile(
    r"^(?!.*\b(?:prior|previous(?:ly)?|received|or)\b).*(?:[- ](?:refractory|resistant)\b|\bprogress\w* (?:on|during|while)\b)"
)
# An exclusion of those who did not have it, or did not progress on it, keeps nobody out who did.
_WANTED = re.compile(
    r"\b(?:not|never|without|lack of|absence of|failure to)\b(?: (?:have|had|has|having|been|yet|previously|any|prior|documented|disease))*"
    r" (?:progress\w*|receiv\w*|treat\w*|respon\w*|fail\w*|exposure|exposed|undergone)\b"
)
_NEVER_HAD = re.compile(
    r"\b(?:no|not|never|without)\b(?: (?:have|has|had|been|be|previously|ever|any|prior|previous|received?|treated"
    r"|treatment|therapy|therapies|exposed"
    r"|exposure|history|undergone|progressed|while|receiving|disease|progression|on|with|to|of|an?|the|or|and|other"
    r"|including|systemic|anti-?cancer))*"
    r"[ ,(]*(?:[\w./-]+(?:, ?| or | and |/| ))*$"
)


def _never_had(words: str, start: int) -> bool:
    """Denied right before: "no prior", "must not have received", with nothing but names in between."""
    before = re.split(r"[.;:]|\bbut\b|\bwho\b|\bunless\b|\bexcept\b", words[max(0, start - 110) : start])[-1]
    found = _NEVER_HAD.search(before)
    return bool(found) and not re.search(
        r"candidate|available|suitable|eligible|amenable|respon|tolerat|benefit|limited", found[0] if found else ""
    )


def _is_about_past(words: str, start: int, end: int) -> bool:
    """Received before, said close by: not an exception, an aside or a cause."""
    before, after = words[max(0, start - 240) : start], words[end : end + 30]
    told = list(_RECEIVED.finditer(before))
    is_past = told or re.search(r"\b(?:out from|since) (?:\w+ )?(?:prior|previous) $", before)
    if not is_past and not re.match(r"[ -]?(?:na[iï]ve|refractory|exposed|pretreated)", after):
        return False
    if re.search(
        (
            r"(?:dose|start|initiation|infusion|treatment|administration) (?:of|with) (?:[\w-]+ (?:or|and) )?$|\d ?(?:weeks"
            r"|days|months) for (?:[\w, ]{0,40})$"
        ),
        before,
    ) and not re.search(r"(?:last|previous|prior|most recent) (?:dose|treatment) (?:of|with) $", before):
        return False
    return not re.search(
        r"\b(?:except|unless|related to|due to|other than|excluding|besides|apart from|combin\w+ with|unsuitable|because)\b[^.;]{0,60}$",
        before,
    )


CELL_TRIGGERS = ("car", "cell", "gene", "chimeric", "til", "tcr", "adoptive")
CELL_PAST_TRIGGERS = (
    "prior",
    "previous",
    "receiv",
    "receipt",
    "history",
    "undergone",
    "treat",
    "ever",
    "exposure",
    "naive",
    "therapy",
    "within",
)


_CELLS = Quick(
    r"\bcar[- ]?(?:t\b|t[- ]?cells?|nk|modified|cells?|therap\w+|macrophage|m\b|engineered)"
    r"|chimeric antigen(?: receptor)?|adoptive(?:ly)? (?:\w+[ -]){0,4}(?:cell|immuno|t\b|transfer)"
    r"|\bgene[- ](?:product )?therap\w+|gene(?:tically)?[- ](?:\w+ )?(?:modified|engineered|edited)|engineered t"
    r"|cell(?:ular)?[- ](?:\w+[ -])?(?:therap\w+|immunotherap\w+|product)|t[- ]cell (?:\w+[ -])?(?:therap\w+|receptor"
    r"|product|immunotherap\w+)|tcr-?t|\btil (?:therapy|treatment|product)|tumou?r[- ]infiltrating|lentiviral"
    r"|cell and gene|gene transfer|modified t[- ]cells?",
    "car|chimeric|adoptive|gene|engineered t|cell|t-cell|t cell|tcr|til |tumo|lentiviral|modified t",
)


_NOT_CELLS = re.compile(
    r"before (?:\w+ )?(?:infusion|car)|prior to (?:\w+ ){0,4}(?:infusion|car|leuk|adoptive|cell|t[- ]?cell)"
    r"|after (?:the |study )?(?:car|infusion|cell)|(?:study|this|investigational) (?:car|cell)|mesenchymal|planned"
    r"|eligible for|suitable for|manufactur|lymphodeplet|adequate|signed|willing|hypersensi|allerg"
)


def read_cell_therapy(passage: Passage) -> Iterator[Criterion]:
    words = passage.plain
    found = _CELLS.search(words)
    if (
        not found
        or is_permission(words)
        or re.search(r"pregnan|contracept|lactat", words)
        or not re.search(
            r"prior|previous|received|receipt|history|undergone|treated|ever|treatment with|exposure|naive|therapy|within", words
        )
    ):
        return
    if _NOT_CELLS.search(words) and not re.search(
        r"^\W*(?:any )?(?:prior|previous|history of|receipt|received|has received|have received)", words
    ):
        return
    named = (
        "gene_modified"
        if re.search(r"gene|lentivir|modified", found[0]) and not re.search(r"gene therap|cell and gene|gene transfer", words)
        else "any"
    )
    if passage.kind is Kind.INCLUSION and not is_negated(words, found.start(), 90):
        return
    days = days_in(words, least=10)
    rule = Rule("prior_cell_therapy", "received", (named,), window_days=days if passage.kind is Kind.EXCLUSION else None)
    yield rule if passage.kind is Kind.EXCLUSION else Not(rule)
