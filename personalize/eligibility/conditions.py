"""Whom a sentence binds: everybody, people with one cancer or one stage, or people we cannot tell apart; and sentences that bind nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from personalize.criteria import AllOf, AnyOf, Criterion, Not, Rule
from personalize.eligibility import diagnosis
from personalize.eligibility.polarity import is_permission
from personalize.eligibility.questions import leading
from personalize.eligibility.quick import Quick
from personalize.eligibility.values import Kind, Passage

# Tried in this order: words of which one must stand in the sentence (none: the pattern begins with them), and the pattern, which says
# under its name whom the sentence binds.
_CONDITIONAL = tuple(
    (stems, re.compile(one))
    for stems, one in (
        (
            (),
            r"^\W*(?:for |in |if )?(?:the |all )?(?:patients?|subjects?|participants?|those|individuals?|women|men)(?: \w+)? "
            r"(?:with|who have|having|who)\b(?P<who>[^.;:]{3,110}?)(?:,| must| should| are required| need| may|:|(?: are)? eligible)",
        ),
        ((), r"^\W*(?P<if>if|when|where)\b(?! known) (?P<when>[^.;:]{3,110}?)(?:,|:| then\b| must| should| will be)"),
        (
            (),
            r"^\W*(?:for|in) (?P<what>[^.;:]{3,90}?)(?: (?:patients|subjects|participants|cohort|only))?(?:,|:| must| should)",
        ),
        ((" must ",), r"^(?P<subject>[^.;:,]{3,70}?) must (?:also )?(?:express|have|be|demonstrate|show)\b"),
        ((":",), r"^(?P<heading>[^.;:]{3,60})(?: patients| subjects| participants| cohort| only)? ?: ?\S"),
    )
)
_EVERYONE = re.compile(
    r"patient|subject|participant|individual|disease$|tumou?rs?$(?<!\w \w)|^tumou?rs?\b|they|^\W*(?:the )?(?:cancer"
    r"|tumou?r|disease|malignancy)"
)
_ASKS_DIAGNOSIS = re.compile(r"histolog|cytolog|patholog|confirmed|diagnos|documented|prior to|proven|following")
_REQUIRES = re.compile(r"must|should|required|need")
# "Subjects with X, irrespective of Y, must ...": what stands between the commas says nothing of whom it binds.
_ASIDE = re.compile(
    r" ?(?:irrespective|regardless|independent(?:ly)?|whatever|including|with or without)\b[^,.;:]{0,80}, (?:must|should|need|are required)\b"
)
# A part of the trial that is not named binds nobody in particular: the sentence is left to a person.
_SOME_PART = Quick(
    r"^\W*(?:for|in) (?:some|certain|1|specific|selected|other) (?:of the )?(?:parts?|cohorts?|arms?|groups?)\b"
    r"|^\W*(?:in|for|during) the (?:phase|dose|expansion|escalation|randomi[sz]ed|pilot)[^,.;]{0,40}(?:portion|parts?"
    r"|phase|cohorts?|arm|study)?\b|(?:for|in) (?:some|certain|1|specific) (?:parts?|cohorts?"
    r"|arms?) (?:of the study )?only|\((?:for |in )?(?:the )?(?:phase|part|cohort|arm) \S{1,4}(?: part"
    r"| cohorts?)?(?: only)?\)\.?$",
    "for |in |(",
    is_anchored=True,
)
# An explanation of words, or what will be counted as what.
_EXPLAINS = Quick(
    r"^\W*(?:if so|this|these|that|it|they|note|wocbp|(?:post-?menopausal|child-?bearing|a wom[ae]n|wom[ae]n|females?|males?)\b[^.;]{0,60})"
    r"[^.;]{0,90}\b(?:is|are|be) (?:then )?(?:considered|counted|regarded|defined)\b"
    r"|\b(?:would|will|should) (?:then |also )?(?:be )?(?:considered|counted|count|regarded) (?:as )?(?:a |an |1 )?(?:prior |previous |separate |line)"
    r"|\bcounts? (?:as|toward)|\b(?:is|are) optional\b|\b(?:is|are) not (?:required|mandatory|necessary)\b|\bnot (?:required|mandatory|necessary)\W*$",
    "would|will|should|count|is|are|not",
    is_anchored=True,
)
# One of these stands in whatever it finds; looking for them is much faster.
_EXPLAIN_STEMS = ("consider", "count", "regard", "defin", "optional", "requir", "mandatory", "necessary")
# One of these stands in every sentence that binds nobody.
NOBODY_TRIGGERS = (
    *_EXPLAIN_STEMS,
    "part",
    "cohort",
    "arm",
    "group",
    "phase",
    "dose",
    "expansion",
    "escalation",
    "randomi",
    "pilot",
    "other ",
)
# A list's last entry, "Other tumors: ...", binds whoever the entries before it do not name: which cancers those are is left to a person.
_ALL_THE_OTHERS = re.compile(
    r"^\W*(?:for |in )?(?:the |all |any )?other (?:[\w/-]+ ){0,4}?(?:tumou?rs?|cancers?|malignancies|histologies)(?: types?)?(?: ?:| must\b| should\b)"
)
# The label of a list entry inside a line.
_LABEL = re.compile(r"^\W*(?:[ivx]{1,5}|\d{1,2}|[a-h])[.)]\s+")
# "Dose expansion cohort only: subjects with ..." speaks of those subjects, as it would without the name of the cohort.
_COHORT_LABEL = re.compile(
    r"[^.;:]{0,60}\b(?:cohorts?|arms?|groups?)\b[^.;:]{0,60}: (?=(?:patients?|subjects?|participants?|those|individuals?) (?:with|who|having)\b)"
)
# The end of a sentence that takes part of it back.
_ONLY_IF = re.compile(
    r"\b(?:if|when|where|unless|provided that)\b(?! (?:known|not)\b)|\bas (?:applicable|appropriate|indicated|long as)\b"
    r"|\b(?:may|can|could) (?:have|be)\b|\bor (?:is|are|was|were|has|have|not|deemed|considered|unable|ineligible|declin\w+|refus\w+|intoleran\w+)\b"
)
_DRAWN_BACK = frozenset({"treatment", "prior_lines", "metastatic_site", "biomarker"})
_ON_PERMISSION = frozenset(
    {"ecog", "karnofsky", "lab", "age", "sex", "life_expectancy", "clinical_date", "measurable_disease", "metastatic_site"}
)
_STATES = (
    (re.compile(r"locally[- ](?:advanced|recurrent)|unresectable"), "locally_advanced"),
    (re.compile(r"(?<!non-)(?<!non)metasta\w+|stage iv\b|distant spread"), "metastatic"),
    (re.compile(r"borderline"), "borderline"),
    (re.compile(r"(?<!un)(?<!non-)(?<!borderline )\bresectable"), "resectable"),
    (re.compile(r"(?<!un)\bresected\b"), "resected"),
)
_HOLDS = re.compile(r"\bstable disease\b|(?:disease|cancer) is (?:stable|responding)|without progression")
_OF_AN_ORGAN = re.compile(r"(?:brain|cns|liver|hepatic|bone|lung|lepto\w+|nodal|node)\b[\w /,-]{0,30}metasta|metasta\w+ (?:to|in)\b")


def binds_nobody(passage: Passage) -> bool:
    """An explanation, something optional, or a part of the trial that is not named."""
    words = passage.plain
    if _SOME_PART.search(words):
        return True
    if passage.kind is Kind.EXCLUSION:
        return False
    return bool(_ALL_THE_OTHERS.match(words)) or (any(map(words.__contains__, _EXPLAIN_STEMS)) and bool(_EXPLAINS.search(words)))


def bind(passage: Passage, rules: Iterable[Criterion]) -> Iterator[Criterion]:
    """The rules of a sentence, each bound to the people it speaks of; each once."""
    read = tuple(rules)
    if not read:
        return
    if passage.kind is Kind.INCLUSION and _OR_WITHSTOOD.search(passage.plain):
        read = _as_either(read)
    if passage.kind is Kind.INCLUSION and _SOME_AGES.match(passage.plain):
        read = tuple(one if leading(one).predicate == "age" else AnyOf((one, _other_way(passage))) for one in read)
    if passage.kind is Kind.EXCLUSION:
        read = _only_together(read, passage.plain)
    condition = condition_of(passage)
    names_disease = any(leading(rule).predicate == "diagnosis" for rule in read)
    seen: set[Criterion] = set()
    for rule in read:
        made = _bound(passage, rule, condition, names_disease=names_disease)
        if made is not None and made not in seen:
            seen.add(made)
            yield made


# "After 3 prior lines, or double refractory to X and Y": either is enough.
_OR_WITHSTOOD = re.compile(
    r", or (?:(?:be|been|are|is|have|has) )*(?:\w+[- ])?(?:refractory|relapsed|progress\w*|intolerant|resistant|failed) "
)


# "Patients older than 75 must have ECOG 0" says nothing to the others.
_SOME_AGES = re.compile(
    r"\W*(?:for |in )?(?:the )?(?:patients?|subjects?|participants?|those|individuals|people)(?: who are)?(?: aged?)? (?:> ?=? ?[2-9]\d|<=? ?\d+)"
    r"(?: years)?(?: of age| old)?,? (?:must|should|are required|need)\b"
)


def _only_together(rules: tuple[Criterion, ...], words: str) -> tuple[Criterion, ...]:
    """ "Age over 75 with ECOG 2" keeps out those with both; "ECOG 2 unless due to pain" not all."""
    about = {leading(one).predicate for one in rules}
    if "age" in about and len(rules) > 1 and re.search(r"\b(?:with|and)\b", words) and not re.search(r"\bor\b|and/or|,", words):
        return (AllOf(rules),)
    if about & {"ecog", "karnofsky"} and re.search(r"\b(?:unless|except)\b", words):
        exception = Rule("unread", "as_written", "none of the exceptions of the rule")
        return tuple(AllOf((one, exception)) if leading(one).predicate in ("ecog", "karnofsky") else one for one in rules)
    return rules


def _as_either(rules: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    lines = [one for one in rules if leading(one).predicate == "prior_lines"]
    classes = [one for one in rules if leading(one).predicate == "treatment"]
    if len(lines) != 1 or len(classes) != 1:
        return rules
    return (*(one for one in rules if one not in (*lines, *classes)), AnyOf((*lines, *classes)))


def _bound(passage: Passage, rule: Criterion, condition: Criterion | None, *, names_disease: bool) -> Criterion | None:
    about = leading(rule).predicate
    if passage.kind is Kind.EXCLUSION:
        if condition is None:
            return rule
        return AllOf((rule, condition)) if about not in ("diagnosis", "stage_extent") else None
    if condition is not None:
        if about == "diagnosis" or (about == "stage_extent" and not _goes_further(rule, condition)):
            return None
        return AnyOf((Not(condition), rule)) if not _is_unread(condition) else AnyOf((rule, condition))
    if is_permission(passage.plain) and not re.search(r"\bonly\b|\bmust\b|required", passage.plain):
        if about == "stage_extent" and not names_disease:
            return None
        return AnyOf((rule, _other_way(passage))) if about in _ON_PERMISSION else rule
    if about in _DRAWN_BACK and not isinstance(rule, AnyOf) and _ONLY_IF.search(passage.plain):
        return AnyOf((rule, _other_way(passage)))
    return rule


def _goes_further(rule: Criterion, condition: Criterion) -> bool:
    """Stages beyond those of the condition that take them in: "locally advanced disease should be unresectable"."""
    stages = [
        set(one.value)
        for one in _parts(condition)
        if isinstance(one, Rule) and one.predicate == "stage_extent" and isinstance(one.value, tuple)
    ]
    return bool(stages) and isinstance(rule, Rule) and isinstance(rule.value, tuple) and stages[0] <= set(rule.value)


def _other_way(passage: Passage) -> Rule:
    return Rule("unread", "as_written", "another way that the sentence leaves open")


def _parts(condition: Criterion) -> tuple[Criterion, ...]:
    return condition.of if isinstance(condition, AllOf | AnyOf) else (condition,)


def _is_unread(condition: Criterion) -> bool:
    return isinstance(condition, Rule) and condition.predicate == "unread"


def condition_of(passage: Passage) -> Criterion | None:
    """ "Patients with prostate cancer must ..." binds those patients only; what a list entry begins with holds to its end."""
    if passage.start > passage.bullet_start and passage.bullet != passage.plain:
        carried = _condition_in(passage.bullet, is_carried=True)
        if carried is not None:
            return carried
    return _condition_in(passage.plain)


def _matched(words: str) -> re.Match[str] | None:
    for stems, pattern in _CONDITIONAL:
        found = pattern.match(words) if not stems or any(map(words.__contains__, stems)) else None
        if found:
            return found
    return None


def _condition_in(words: str, *, is_carried: bool = False) -> Criterion | None:
    for pattern, stems in ((_LABEL, ".)"), (_COHORT_LABEL, ("cohort", "arm", "group"))):
        label = pattern.match(words) if any(map(words.__contains__, stems)) else None
        words = words[label.end() :] if label else words
    matched = _matched(words)
    if matched is None:
        return None
    found = matched.groupdict()
    is_if, who = "if" in found, found.get("who")
    said = next(found[name] for name in ("who", "what", "heading", "subject", "when") if found.get(name))
    if ("subject" in found and _EVERYONE.search(said)) or (_ASKS_DIAGNOSIS.search(said) and not is_if):
        return None
    if who and not (_REQUIRES.search(words[matched.start("who") : matched.end() + 12]) or _ASIDE.match(words, matched.end())):
        return None
    made = _people(said)
    if made is not None:
        return made if not _is_everyone(made) else None
    is_open = not is_carried and (is_if or (who and not re.search(r"measurable|advanced|cancer|tumou?r", said)))
    return Rule("unread", "as_written", said.strip()) if is_open else None


def _people(said: str) -> Criterion | None:
    """The cancer and the stage that the words name, as one condition; or that it holds still."""
    if _HOLDS.search(said):
        return Not(Rule("progression", "on_any"))
    cancer = diagnosis.condition_of(said)
    stages = () if _OF_AN_ORGAN.search(said) else tuple(name for pattern, name in _STATES if pattern.search(said))
    stage = Rule("stage_extent", "in", stages) if stages else None
    if cancer is not None and _is_everyone(cancer):
        cancer = None if stage is not None else cancer
    both = tuple(one for one in (cancer, stage) if one is not None)
    return both[0] if len(both) == 1 else (AllOf(both) if both else None)


def _is_everyone(condition: Criterion) -> bool:
    return isinstance(condition, Rule) and isinstance(condition.value, tuple) and bool({"solid_tumor", "any_cancer"} & set(condition.value))
