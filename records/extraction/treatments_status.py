"""What is said of a treatment: given, going on, planned, declined, only considered, an allergy; or nothing that counts.

The cue nearest to the name decides; a condition ("if she progresses ...") reaches over its whole clause. Without any cue a name is a
treatment only where its place says so (a list of treatments, a medication list, a line with dates or cycles).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from personalize.vocabulary import load
from records.extraction.context import context_at
from records.extraction.finding import Assertion
from records.extraction.patterns import lazy
from records.extraction.report import Report
from records.extraction.section_titles import Section
from records.extraction.treatments_names import Named

_ENDING = lazy(r"[;]|\. (?=[A-Z])|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b|[.] ")


class Status(StrEnum):
    """As in Kind.TREATMENT; NOT_GIVEN: the record denies it; MENTIONED: nothing is said of this patient having it."""

    GIVEN = "given"
    ONGOING = "ongoing"
    PLANNED = "planned"
    DECLINED = "declined"
    CONSIDERED = "considered"
    ALLERGY = "allergy"
    NOT_GIVEN = "not_given"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Said:
    """A status with how sure the words are (0–1)."""

    status: Status
    confidence: float


_NEXT_EVENT = lazy(r"(?<=\))[^.;()]{0,8}? - (?=[A-Z])")  # "(05/2024-06/2024) SD - ASCT cancelled": of what follows
_GAP = lazy(r" {2,}")
_CLAUSE = lazy(r"[;]|\. (?=[A-Z])|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b")


def _words(table: str, kind: str | None = None) -> str:
    """The patterns of one table of treatment_cues.toml as one alternative."""
    entry = load("treatment_cues")[table]
    text: str = (entry if kind is None else entry[kind])["words"]
    return "|".join(part for one in text.replace("\n", " ").split(" ; ") if (part := one.strip(" ") if table == "behind" else one.strip()))


_LINE = rf"(?:(?:{_words('filler')})[ ,(-]*){{0,9}}"
_STATED = (Status.DECLINED, Status.NOT_GIVEN, Status.CONSIDERED, Status.PLANNED, Status.ONGOING, Status.GIVEN)
_BEFORE = tuple((status, lazy(rf"\b(?P<core>{_words('before', status)})[ :,(]{{0,3}}{_LINE}$")) for status in _STATED)
_WEAK = lazy(rf"\b(?:{_words('before', 'weak')})[ :,(]{{0,3}}{_LINE}$")
_AFTER = tuple((status, lazy(_words("behind", status), re.I)) for status in _STATED)
_TAKEN = lazy(r"^[^.;]{0,70}?\b(?:daily|nightly|every \d+ weeks|b\.?i\.?d|once a day|weekly|monthly)\b", re.I)
_REFUSED = lazy(
    r"^[^.]{0,90}?(?:\b(?:but|however|and|which|yet)\b|[;,])\W+(?:the )?(?:patient|he|she|pt|they|his family"
    r"|her family)\W+(?:has |had |have |then |finally |subsequently )?(?:refus\w+|declin\w+|opted against"
    r"|did(?: not|n't) want|chose not)\b",
    re.I,
)
_REALISED = lazy(
    r"^[^.]{0,70}?\b(?:(?:was|and|she|he) (?:offered and )?accepted|cycle \d+ (?:was )?(?:given|administered)"
    r"|(?:first|1st) (?:cycle|dose|infusion) (?:was )?(?:given|administered))",
    re.I,
)
# "Tivozanib prescribed; copay help pending. Pt has not started."
_NOT_YET = lazy(
    r"[^.;]{0,80}(?:[.;] [^.;]{0,60})?[.;,] ?(?:but )?(?:pt|patient|the patient|she|he|they)? ?(?:has|have|had)(?: not|n't)(?: yet)? "
    r"(?:started|begun|taken|received|picked)(?: it| up)?\b(?! (?:any|the|a|an|other|further)\b)",
    re.I,
)
_CONDITION = lazy(
    r"(?:^|[\s(,])(?:if|in case|in the event|should (?:he|she|the)|unless|once (?:he|she|the|bilirubin|counts)"
    r"|upon (?:progression|relapse|recurrence)|at (?:the time of |next |first |further )?(?:progression|relapse|recurrence)|when (?:he"
    r"|she|the disease) progress\w*|patients (?:with|who)|options? (?:include|incl\.?|including|discussed|considered|are|were|would be)"
    r"|options?:|whether|would|could|might|may be"
    r"|should be considered)\b",
    re.I,
)
_GIVEN_SECTIONS = frozenset((Section.TREATMENT,))
_LISTED = lazy(
    r"(?:treatments?|therap(?:y|ies)|chemotherapy|regimens?|prior (?:systemic )?(?:treatment|therap\w+|lines?)"
    r"|oncolog\w+ history|cancer history|treatment history|surger(?:y|ies)|surgical history|oncologic treatment"
    r"|line \d|lines? of therapy|systemic therapy|procedures?|radiation)(?: \w+)?$",
    re.I,
)
_PLAN_LABEL = lazy(
    r"^(?:plan|recommendations?|next steps?|proposed|proposal|assessment and plan|a/p|treatment plan|plan of care"
    r"|consensus|recs?|(?:mdt|mdm|board|tumou?r board) (?:recommendation|outcome|decision|plan|consensus)s?)\b",
    re.I,
)


def status_of(report: Report, named: Named) -> Said:
    """What the record says of this treatment. Worked out once a name: treatments, allergies and medicines ask the same."""
    known = report.once(_known)
    if named not in known:
        known[named] = _said_of(named)
    return known[named]


def _known(report: Report) -> dict[Named, Said]:
    return {}


def _said_of(named: Named) -> Said:
    segment = named.segment
    if segment.section.is_about_nobody or segment.is_boilerplate:
        return Said(Status.MENTIONED, 0.0)
    context = context_at(segment, named.start, named.end)
    if context.assertion is Assertion.FAMILY or segment.section is Section.FAMILY or is_others(named):
        return Said(Status.MENTIONED, 0.0)
    if segment.section is Section.ALLERGIES:
        return Said(Status.ALLERGY, 0.9)
    answer = _ANSWER.match(segment.text, named.end) if _ASKS.search(segment.text[: named.start]) else None
    if answer is not None:
        status = Status.NOT_GIVEN if answer["no"] else Status.GIVEN if answer["yes"] else Status.MENTIONED
        return Said(status, 0.85 if status is not Status.MENTIONED else 0.0)
    item = _FORM_ITEM.match(segment.text, named.end)
    if item is not None and not item["yes"]:
        return Said(Status.NOT_GIVEN, 0.9) if item["no"] else Said(Status.MENTIONED, 0.0)
    before, after = _around(named)
    said = _of_words_or_place(named, before, after)
    if said.status in (Status.PLANNED, Status.CONSIDERED) and _REFUSED.search(segment.text[named.end : named.end + 140]):
        return Said(Status.DECLINED, 0.85)
    if said.status in (Status.PLANNED, Status.CONSIDERED) and _REALISED.search(segment.text[named.end : named.end + 120]):
        return Said(Status.GIVEN, 0.85)
    if said.status in (Status.GIVEN, Status.ONGOING) and _NOT_YET.match(segment.text, named.end):
        return Said(Status.PLANNED, 0.8)
    if said.status is Status.ONGOING and named.therapy.kind == "surgery":
        return Said(Status.GIVEN, said.confidence)
    return said


def _of_words_or_place(named: Named, before: str, after: str) -> Said:
    if _is_allergy(before, after):
        return Said(Status.ALLERGY, 0.85)
    return _by_words(named, before, after) or _by_place(named, before, after)


def _around(named: Named) -> tuple[str, str]:
    """The words of the same clause before the name and behind it."""
    text = named.segment.text
    start = max((found.end() for found in _CLAUSE.finditer(text, max(0, named.start - 140), named.start)), default=0)
    behind = _GAP.sub(" ", text[named.end : named.end + 160])[:120]
    ending = _ENDING.search(behind) or _NEXT_EVENT.search(behind)
    return text[max(start, named.start - 130) : named.start].lower(), behind[: ending.start() if ending else None].lower()


# "Have you had surgery for your cancer? No"; a question without an answer says nothing
_ANSWER = lazy(r"[^.;?:]{0,70}\?\W{0,3}(?:(?P<no>no|none|never|not|denies|n/a)\b|(?P<yes>yes|y)\b)?", re.I)
# "Prior radiation? No", "Whipple performed: no", "gemcitabine - no": an item of a form; "Prior CAR-T?" without an answer says nothing
_FORM_ITEM = lazy(
    r"(?: (?:therapy|treatments?|received|given|performed|administered|done|had|before|previously|ever|to date|in the past|\([^()]{0,30}\)))*"
    r"(?: ?[?:-]{1,2} ?(?P<no>no|n|none|never|nil|denie[sd]|n/a|not applicable|0(?: (?:cycles?|doses?|fractions?|courses?))?)"
    r"(?= *(?:$|[.,;|)\n])|  )| ?\?:? ?(?P<yes>yes|y\b)?)",
    re.I,
)
_ASKS = lazy(r"(?:^|[.?;:]\s|\n)\W*(?:have|has|had|did|do|does|are|is|was|were|any|ever)\b[^.?;:]*$", re.I)
_OTHERS = lazy(
    r"\b(?:in-law|husband|wife|spouse|friend|neighbou?r|partner|roommate|coworker|patients (?:with|who|treated"
    r"|receiving)|mother|father|brother|sister|aunt|uncle|cousin|grand\w+)\b",
    re.I,
)
_BACK = lazy(r"\b(?:the patient|pt|she|he|i|we|her own|his own|patient)\b", re.I)


def is_others(named: Named) -> bool:
    """ "My brother-in-law got ...": somebody else's, unless the sentence came back to the patient."""
    before = named.segment.text[max(0, named.start - 200) : named.start]
    found = list(_OTHERS.finditer(before))
    since = before[found[-1].end() :] if found else ""
    return bool(found) and not re.search(r"[.;]\s", since) and not _BACK.search(since)


_ALLERGY_BEFORE = lazy(
    r"\b(?:allerg\w+(?: to| reactions? to| history to)?|anaphyla\w+ (?:to|after|with)"
    r"|hypersensitiv\w+ (?:reaction )?(?:to|after))[ :]+(?:[\w/-]+(?:,| and|,? or) ){0,4}?$",
    re.I,
)
_ALLERGY_AFTER = lazy(
    r"^[ ]?(?:allergy|is listed as an allergy|[-:(,]{1,2} ?(?:rash|hives|anaphylaxis|swelling|itching|urticaria)"
    r"|anaphylaxis)",
    re.I,
)


def _is_allergy(before: str, after: str) -> bool:
    return bool(_ALLERGY_BEFORE.search(before) or _ALLERGY_AFTER.match(after))


def _by_words(named: Named, before: str, after: str) -> Said | None:
    first = _nearest_before(before)
    behind = next((status for status, pattern in _AFTER if pattern.search(after)), None)
    if _CONDITIONAL_FACT.search(before):
        return Said(Status.MENTIONED, 0.0)
    for status, confidence in ((first, 0.88), (behind, 0.85)):
        if status in (Status.DECLINED, Status.NOT_GIVEN):
            return Said(status, confidence)
    if first is Status.GIVEN and _SEQUENCE.search(before) and _is_conditional(before):
        return Said(Status.CONSIDERED, 0.82)
    is_ahead = _FUTURE.search(before) or _is_under_plan(named)
    if first is Status.GIVEN and _SEQUENCE.search(before) and is_ahead and not _STRONG_PAST.search(before):
        return Said(Status.PLANNED, 0.82)
    if first is Status.GIVEN:
        is_idea = bool(_HYPOTHESIS.search(before))
        return Said(Status.MENTIONED, 0.0) if is_idea else Said(Status.ONGOING if behind is Status.ONGOING else Status.GIVEN, 0.93)
    if _is_conditional(before):
        return Said(Status.CONSIDERED, 0.85)
    if behind in (Status.CONSIDERED, Status.PLANNED) and first in (None, Status.ONGOING):
        return Said(behind, 0.82)
    return Said(first, 0.88) if first is not None else _by_weak_words(named, before, after, behind)


def _by_weak_words(named: Named, before: str, after: str, behind: Status | None) -> Said | None:
    """Words that only together with the place say something: "with", "adjuvant", a dose every day."""
    if _DISTANT.search(before):
        return Said(behind if behind is Status.ONGOING else Status.GIVEN, 0.86)
    if _WEAK.search(before):
        if behind in (Status.CONSIDERED, Status.PLANNED):
            return Said(behind, 0.8)
        is_ahead = bool(_FUTURE.search(before)) or _is_under_plan(named)
        return Said(Status.PLANNED, 0.75) if is_ahead else Said(behind or Status.GIVEN, 0.8)
    if _ACTIVE.search(after):
        return Said(Status.ONGOING, 0.88)
    if behind in (None, Status.GIVEN) and _is_current(named):
        return Said(Status.ONGOING, 0.85)
    is_ahead = _is_under_plan(named) or bool(_FUTURE.search(before) and not _STRONG_PAST.search(before))
    if behind is Status.GIVEN and is_ahead and not _WAS.search(after):
        return Said(Status.PLANNED, 0.75)
    if behind is not None:
        return Said(behind, 0.82)
    if _INSIDE.search(named.segment.lower[named.start : named.end]):
        return Said(Status.GIVEN, 0.88)
    return Said(Status.ONGOING, 0.82) if _TAKEN.match(after) else None


_CURRENT = lazy(r"^(?:current|present|ongoing) (?:\w+ )?(?:treatment|therapy|regimen|chemotherapy|chemo|tx|rx|line(?: of therapy)?)$")
# a number of cycles says how much is planned, too; only these say that it happened
_WAS = lazy(
    r"^[^.;]{0,70}?\b(?:was|were|has been|have been|completed|stopped|discontinued|finished|started|ended|given|last dose|(?<!no )(?<!until )progress\w*"
    r"|best response|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d)\b"
)


def _is_current(named: Named) -> bool:
    """Under "Current treatment:", in the words right behind it."""
    segment = named.segment
    return bool(_CURRENT.search(segment.label) or (_CURRENT.search(" ".join(segment.title.split())) and named.start < 25))


def _is_under_plan(named: Named) -> bool:
    segment = named.segment
    return segment.section is Section.PLAN or any(_PLAN_LABEL.search(one) for one in (segment.label, " ".join(segment.title.split())))


_ACTIVE = lazy(r"^[^.;]{0,60}?\bstatus: ?(?:active|in[ -]progress|current)\b")
_INSIDE = lazy(r"\b(?:was|were) (?:administered|given|started|initiated)\b")
# a verb of having had it, with other words between: "underwent donor-derived, CD19-targeted ..."
_NO_BRIDGE = (
    r"(?:not|no|without|never|if|would|could|may|might|consider\w*|for|declin\w*|refus\w*|because|until|before"
    r"|instead|allerg\w*|trial|clinic\w*|referral|discuss\w*|candidate\w*|planned|plan|history|showing|showed"
    r"|reveal\w*|who|which|that|where|since)"
)
_DISTANT = lazy(
    rf"\b(?:received|underwent|undergone|(?:was|been) on|(?:was|were|been|being) (?:treated|managed|started|initiated)(?: with"
    rf"| on| by)?|treatment with|therapy with|a combination of|combination therapy with|consisting of"
    rf"|consisted of|regimen of|infusion of)(?:,? (?!{_NO_BRIDGE}\b)[\w()/%+.,²-]+){{0,9}}[ ,(]+$"
)
_CONDITIONAL_FACT = lazy(
    r"\b(?:if|until|at|upon|in case of|in the event of) (?:\w+ )?(?:progression|progress\w+|relapse\w*"
    r"|recurrence|toxicity|intoleran\w+) (?:on|after|despite|under|to|of|from) (?:\w+[ -])?$"
)
# words of order say nothing of time: "4 further cycles, then SBRT" is as planned as what stands before it
_SEQUENCE = lazy(rf"\b(?:then|follow(?:ed|ing) by|after|following|post)[ :,(]{{0,3}}{_LINE}$")
_STRONG_PAST = lazy(r"\b(?:received|underwent|completed|treated|started|given|progressed|had|s/p|was|were|status post|finished)\b")
_HYPOTHESIS = lazy(
    r"(?:^|[\s(])(?:if|unless|in case|in the event|should (?:he|she|the|there)|once|until|when (?:he|she"
    r"|the patient|it) (?:is|has|gets?|needs?|progress\w*|relapse\w*))\b(?![^,]*\b(?:had|was|were"
    r"|received)\b)[^,;]*$|\b(?:worried|ask\w*|question|wonder\w*|curious) about\b[^.;]*$"
)
_FUTURE = lazy(
    r"\b(?:favou?rs?|will|plan\w*|recommend\w*|consider\w*|would|propose\w*|begin|candidate|scheduled|to (?:start|begin"
    r"|receive|undergo)|going to|should)\b"
)


def _nearest_before(before: str) -> Status | None:
    """The status whose cue stands nearest before the name; a cue inside a longer one gives way to it."""
    found = [(status, match) for status, pattern in _BEFORE if (match := pattern.search(before)) is not None]
    kept = [
        (match.start("core"), status)
        for status, match in found
        if not any(
            other is not match and other.start("core") < match.start("core") and other.end("core") >= match.end("core")
            for _, other in found
        )
    ]
    return max(kept, default=(0, None), key=lambda one: one[0])[1]


def _is_conditional(before: str) -> bool:
    """Under "if", "would", "whether" of its clause, and no fact stated since."""
    found = list(_CONDITION.finditer(before))
    return bool(found) and not _FACT.search(before, found[-1].end())


_FACT = lazy(r"\b(?:received|underwent|completed|treated with|was given|progressed on|started)\b[^,]*$")


def _by_place(named: Named, before: str, after: str) -> Said:
    """No word says anything: the section and the line decide."""
    segment = named.segment
    label = segment.label or " ".join(segment.title.split())
    if segment.section is Section.MEDICATIONS:
        return Said(Status.ONGOING, 0.8)
    if _PLAN_LABEL.search(label) or segment.section is Section.PLAN:
        return Said(Status.PLANNED, 0.7)
    if segment.section in _GIVEN_SECTIONS or _LISTED.search(label):
        return Said(Status.GIVEN, 0.85)
    if named.therapy.kind == "surgery" and not named.therapy.is_general:
        return Said(Status.GIVEN, 0.75)
    if (
        re.match(r"\W*(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}/\d{4}|\w+ \d{4}|\d{4})\b", segment.text[: named.start])
        and not named.therapy.is_general
    ):
        return Said(Status.GIVEN, 0.8)
    if named.therapy.name == "biliary stent" and re.search(
        r"in (?:position|place|situ)|seen|noted|\bstent\b", after + segment.lower[named.start : named.end]
    ):
        return Said(Status.GIVEN, 0.75)
    if segment.section in (Section.HISTORY, Section.PAST_MEDICAL) and not named.therapy.is_general and len(segment.text) < 120:
        return Said(Status.GIVEN, 0.65)
    return Said(Status.MENTIONED, 0.0)
