"""Tailoring: rows of the matrix tried in order, each change with its reason; everything else stays as it is for everyone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from personalize.codec import encode_profile
from personalize.content import Answer, Content, Directive, Gap, Passage, Placement, RowGroup, stable_json
from personalize.criteria import Outcome, Truth, evaluate
from personalize.profile import Conflict, PatientProfile
from personalize.tailor.cards import fact_cards
from personalize.tailor.draft import Line, PageDraft, SectionDraft
from personalize.tailor.freshness import settled
from personalize.tailor.languages import language
from personalize.tailor.pages import GENERAL_SLUG, choose_answer
from personalize.tailor.placing import general_draft, place
from personalize.tailor.sentences import SentenceMaker
from personalize.tailor.values import FixedBlock, TailoredAnswer, TailoredSection, TailoredSentence, TrialsDisplay, Unknown

_GROUPS = tuple(RowGroup)
_FIRST_GROUPS = (RowGroup.DATA_QUALITY, RowGroup.DIAGNOSIS)
_CLOSING = ("questions", "bottom_line")
_ALWAYS = Outcome(Truth.MET, "")
Judged = tuple[Passage, Outcome]


def tailor(
    content: Content, profile: PatientProfile, *, today: date, slug: str = GENERAL_SLUG, conflicts: Sequence[Conflict] = ()
) -> TailoredAnswer:
    """The page about this person. slug: the page asked for; a diagnosis on record may switch to another one. conflicts: values the
    records disagree on, shown side by side. Pure: equal arguments give an equal answer."""
    known = settled(profile)
    answer = choose_answer(content, known, slug, today=today)
    judged = [(one, _judge(one, known, today)) for one in _rows(content, answer)]
    met = _effective([one for one in judged if one[1].truth is Truth.MET])
    draft = general_draft(answer)
    _open_shared_sections(draft, content)
    for passage, outcome in met:
        if passage.placement is not Placement.PROMPT:
            place(draft, passage, outcome)
    maker = SentenceMaker(content, known, today, conflicts)
    directives = frozenset(directive for passage, _ in met for directive in passage.directives)
    return _page(content, answer, slug, profile, today, draft, maker, directives, _unknowns(judged, met, maker))


def general_page(content: Content, slug: str, *, today: date) -> TailoredAnswer:
    """Everyone's page, with no records behind it: no reasons, no banners, no prompts."""
    answer = content.answer(slug)
    maker = SentenceMaker(content, PatientProfile(), today)
    return _page(content, answer, slug, PatientProfile(), today, general_draft(answer), maker, frozenset({Directive.DO_NOT_TAILOR}), ())


def _rows(content: Content, answer: Answer) -> list[Passage]:
    pages = [answer, *(one for one in content.answers if one.is_shared and one is not answer)]
    mine = [one for page in pages for one in page.passages() if one.row and (not one.only_for or answer.slug in one.only_for)]
    return sorted(mine, key=lambda one: (_GROUPS.index(one.group or RowGroup.FITNESS), one.order, one.id))


def _open_shared_sections(draft: PageDraft, content: Content) -> None:
    """Sections that only rows fill, once each, above the closing ones. One that no row fills is left out of the page."""
    for page in content.answers:
        for section in page.sections if page.is_shared else ():
            if draft.section(section.id) is None:
                at = next((at for at, one in enumerate(draft.sections) if one.section.id in _CLOSING), len(draft.sections))
                draft.sections.insert(at, SectionDraft(section, []))


def _judge(passage: Passage, profile: PatientProfile, today: date) -> Outcome:
    return evaluate(passage.condition, profile, today=today) if passage.condition else _ALWAYS


def _effective(met: list[Judged]) -> list[Judged]:
    """All rows, or only those about the records and the diagnosis where one of them says not to tailor."""
    stops = any(Directive.DO_NOT_TAILOR in passage.directives for passage, _ in met)
    return [one for one in met if one[0].group in _FIRST_GROUPS] if stops else met


def _unknowns(judged: Iterable[Judged], met: Sequence[Judged], maker: SentenceMaker) -> tuple[Unknown, ...]:
    found: dict[str, Unknown] = {}
    for passage, outcome in judged:
        if passage.placement is Placement.PROMPT and outcome.truth is Truth.MET:
            prompt = passage.text
        elif outcome.truth is Truth.UNKNOWN and passage.if_unknown:
            prompt = passage.if_unknown
        else:
            continue
        said = maker.words(prompt, language(passage.language))
        found.setdefault(said, Unknown(passage.row or "", said, passage.unlocks, passage.section, passage.language))
    return tuple(_most_telling_first(list(found.values())))


def _most_telling_first(unknowns: list[Unknown]) -> list[Unknown]:
    """One for each standard gap, the gap that unlocks the most first; then the finer ones in page order."""
    first: dict[Gap, Unknown] = {}
    for one in unknowns:
        if one.unlocks:
            first.setdefault(one.unlocks, one)
    ranked = [first[gap] for gap in Gap if gap in first]
    return [*ranked, *(one for one in unknowns if one not in ranked)]


def _page(
    content: Content,
    answer: Answer,
    slug: str,
    profile: PatientProfile,
    today: date,
    draft: PageDraft,
    maker: SentenceMaker,
    directives: frozenset[Directive],
    unknowns: tuple[Unknown, ...],
) -> TailoredAnswer:
    banners, lead = _sentences(draft.banners, maker), _sentences(draft.lead, maker)
    sections = tuple(one for one in (_section(part, maker) for part in draft.sections) if one.sentences or one.hidden)
    questions, notes = _sentences(draft.questions, maker), _sentences(draft.trial_notes, maker)
    return TailoredAnswer(
        slug=answer.slug,
        requested_slug=slug,
        title=answer.title,
        disease=answer.disease,
        made_on=today,
        content_hash=content.content_hash,
        profile_hash=hashlib.sha256(stable_json(encode_profile(profile)).encode()).hexdigest(),
        is_tailored=Directive.DO_NOT_TAILOR not in directives,
        lead=lead,
        banners=banners,
        sections=sections,
        questions=questions,
        trial_notes=notes,
        trials=_trials_display(directives),
        are_trials_around_surgery_only=Directive.TRIALS_AROUND_SURGERY_ONLY in directives,
        are_trials_by_distance=Directive.TRIALS_BY_DISTANCE in directives,
        needs_coordinator=Directive.SEND_TO_COORDINATOR in directives,
        fact_cards=fact_cards(profile, today=today, conflicts=maker.conflicts, language=content.language),
        unknowns=unknowns,
        sources=tuple(maker.citations.values()),
        fixed=tuple(FixedBlock(one.id, one.title, one.lines, one.language) for one in content.fixed_texts),
        is_for_caregiver=profile.is_reader_caregiver,
        checked_on=profile.checked_on,
        language=content.language,
        title_language=answer.language,
    )


def _trials_display(directives: frozenset[Directive]) -> TrialsDisplay:
    if Directive.TRIALS_WITHHELD in directives:
        return TrialsDisplay.WITHHELD
    return TrialsDisplay.CLOSED if Directive.TRIALS_CLOSED in directives else TrialsDisplay.OPEN


def _section(part: SectionDraft, maker: SentenceMaker) -> TailoredSection:
    return TailoredSection(
        id=part.section.id,
        title=maker.said(part.section.title, language(part.section.language)),
        sentences=_sentences(part.lines, maker),
        hidden=_sentences(part.hidden, maker),
        is_first=part.is_first,
        language=part.section.language,
    )


def _sentences(lines: Iterable[Line], maker: SentenceMaker) -> tuple[TailoredSentence, ...]:
    return tuple(one for one in map(maker.sentence, lines) if one is not None)
