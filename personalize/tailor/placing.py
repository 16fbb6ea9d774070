"""What each placement does to the page. A row that finds none of its anchors falls back to its own section, and to nothing without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from personalize.content import Answer, Passage, Placement
from personalize.criteria import Outcome
from personalize.tailor.draft import Line, PageDraft, SectionDraft
from personalize.tailor.values import Change

_OUTSIDE = frozenset((Placement.LEAD, Placement.BANNER, Placement.QUESTION, Placement.TRIALS))
_OPENING = "short_answer"


def general_draft(answer: Answer) -> PageDraft:
    """Everyone's page: the passages without a row."""
    draft = PageDraft([])
    for section in answer.sections:
        general = [one for one in section.passages if one.row is None]
        draft.sections.append(SectionDraft(section, [Line(one) for one in general if one.placement is Placement.BODY]))
        for one in general:
            if one.placement in _OUTSIDE:
                _list_of(draft, one.placement).append(Line(one))
    return draft


def place(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    """Let a row whose condition is met change the page."""
    _PLACERS[passage.placement](draft, passage, outcome)


def _list_of(draft: PageDraft, placement: Placement) -> list[Line]:
    lists = {
        Placement.LEAD: draft.lead,
        Placement.BANNER: draft.banners,
        Placement.QUESTION: draft.questions,
        Placement.TRIALS: draft.trial_notes,
    }
    return lists[placement]


def _added(passage: Passage, outcome: Outcome) -> Line:
    return Line(passage, Change.ADDED, passage, outcome)


def _lead(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    """A row's lead stands before everyone's; the general lead goes as soon as one row has spoken."""
    draft.lead[:] = [one for one in draft.lead if one.change is not Change.GENERAL]
    draft.lead.append(_added(passage, outcome))


def _outside(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    """After earlier rows, before what everyone sees."""
    lines = _list_of(draft, passage.placement)
    at = sum(one.change is not Change.GENERAL for one in lines)
    lines.insert(at, _added(passage, outcome))


def _body(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    section = draft.section(passage.section)
    if section:
        section.lines.append(_added(passage, outcome))


def _beside(offset: int) -> Callable[[PageDraft, Passage, Outcome], None]:
    def placer(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
        for anchor in passage.anchors:
            section = draft.holder(anchor)
            at = section.position(anchor) if section else None
            if section and at is not None:
                section.lines.insert(at + offset, _added(passage, outcome))
                return
        section = draft.section(passage.section)
        if section:
            section.lines.insert(len(section.lines) if offset else _after_rows(section), _added(passage, outcome))

    return placer


def _after_rows(section: SectionDraft) -> int:
    """Below what earlier rows put at the top."""
    return next((at for at, one in enumerate(section.lines) if one.change is Change.GENERAL), len(section.lines))


def _replace(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    for number, anchor in enumerate(passage.anchors):
        section = draft.holder(anchor)
        at = section.position(anchor) if section else None
        if section is None or at is None:
            continue
        if number == 0:
            section.lines[at] = Line(passage, Change.REPLACED, passage, outcome, replaces=section.lines[at].passage)
        else:
            _take_away(section, at, passage, outcome)


def _hide(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    for anchor in passage.anchors:
        whole = draft.section(anchor)
        if whole:
            while whole.lines:
                _take_away(whole, 0, passage, outcome)
        while section := draft.holder(anchor):
            at = section.position(anchor)
            if at is not None:
                _take_away(section, at, passage, outcome)
    if passage.text:
        _body(draft, passage, outcome)


def _take_away(section: SectionDraft, at: int, passage: Passage, outcome: Outcome) -> None:
    line = section.lines.pop(at)
    section.hidden.append(Line(line.passage, Change.HIDDEN, passage, outcome))


def _first(draft: PageDraft, passage: Passage, outcome: Outcome) -> None:
    """The row's own words go to the top of their section, the passages it points to below them; sections up to just below the short answer."""
    own = draft.section(passage.section)
    if passage.text and own:
        own.lines.insert(_after_rows(own), _added(passage, outcome))
    for anchor in passage.anchors:
        whole = draft.section(anchor)
        if whole is None:
            _move_up(draft, anchor, passage, outcome)
        elif not whole.is_first:
            draft.sections.remove(whole)
            whole.is_first = True
            draft.sections.insert(sum(one.is_first or one.section.id == _OPENING for one in draft.sections), whole)


def _move_up(draft: PageDraft, anchor: str, passage: Passage, outcome: Outcome) -> None:
    section = draft.holder(anchor)
    at = section.position(anchor) if section else None
    if section is None or at is None:
        return
    line = section.lines.pop(at)
    if line.change is Change.GENERAL:
        line = Line(line.passage, Change.FIRST, passage, outcome)
    section.lines.insert(_after_rows(section), line)


_PLACERS: Mapping[Placement, Callable[[PageDraft, Passage, Outcome], None]] = {
    Placement.BODY: _body,
    Placement.LEAD: _lead,
    Placement.BANNER: _outside,
    Placement.QUESTION: _outside,
    Placement.TRIALS: _outside,
    Placement.BEFORE: _beside(0),
    Placement.AFTER: _beside(1),
    Placement.REPLACE: _replace,
    Placement.FIRST: _first,
    Placement.HIDE: _hide,
}
