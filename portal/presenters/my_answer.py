"""Everything of "my answer" in one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from personalize.content import Content, Gap
from personalize.questions import Question
from personalize.tailor.values import TrialsDisplay, Unknown
from portal.answers.replay import NewSince, PastAnswer
from portal.answers.values import PersonalAnswer
from portal.presenters.answers import AnswerPage, PageMaker, ShownSection
from portal.presenters.course import Event, StageStep, stage_strip, timeline
from portal.presenters.dates import day_words
from portal.presenters.facts import ShownFact, shown_fact
from portal.presenters.telling import told
from portal.presenters.trend import Trend, trend
from portal.presenters.trials import ShownTrial, TrialList, trial_list
from portal.presenters.voice import Voice, voice

MOST_FACTS = 6
MOST_UNKNOWNS = 5
MOST_TRIALS = 3
MOST_ASKS = 3
TESTS = (Gap.TUMOR_PROFILING, Gap.TUMOR_STAIN, Gap.INHERITED_TEST, Gap.HLA)


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownNews:
    """What is new since another day: sentences about the person that came and that went."""

    id: str
    since: str
    why: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastLine:
    """An earlier answer in the list."""

    id: str
    slug: str
    made_on: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """about_me: parts of the page that the records changed; general: the others. short_list: the first few
    trials; tests, asks: tests, and other facts, that would settle the most of them;
    how they are shown is told by are_trials_open and are_trials_withheld. made_on: the day it was made for."""

    page: AnswerPage
    about_me: tuple[ShownSection, ...]
    general: tuple[ShownSection, ...]
    is_tailored: bool
    switched_from: str
    facts: tuple[ShownFact, ...]
    more_facts: tuple[ShownFact, ...]
    is_unchecked: bool
    checked_on: str
    strip: tuple[StageStep, ...]
    events: tuple[Event, ...]
    trend: Trend | None
    unknowns: tuple[str, ...]
    questions: tuple[ShownQuestion, ...]
    tests: tuple[ShownQuestion, ...]
    asks: tuple[ShownQuestion, ...]
    trials: TrialList
    short_list: tuple[ShownTrial, ...]
    are_trials_open: bool
    are_trials_withheld: bool
    made_on: str
    profile_number: int
    new: ShownNews | None
    is_past: bool
    voice: Voice

    @property
    def trend_title(self) -> str:
        return self.voice.trend % {"name": self.trend.name} if self.trend else ""


def past_lines(past: Iterable[PastAnswer]) -> tuple[PastLine, ...]:
    """past: the newest first."""
    return tuple(PastLine(one.id, one.slug, day_words(one.made_on), one.profile_number, _why_new(one.why)) for one in past)


_WHY = {
    "facts": gettext_lazy("Your facts changed."),
    "pages": gettext_lazy("Our pages changed."),
    "trials": gettext_lazy("The list of trials changed."),
}


def most_telling_first(unknowns: Iterable[Unknown], asked: Iterable[Question]) -> tuple[str, ...]:
    """What is not known, that first which would settle the most trials and parts of the page, as the questions count it. Which of
    them are shown is decided before: how many trials ask for a test does not say how much it is advised."""
    settles = {one.gap: one.settles for one in reversed(tuple(asked)) if one.gap}
    return tuple(
        told(one.prompt, one.language) for one in sorted(unknowns, key=lambda one: -settles.get(one.unlocks, 0) if one.unlocks else 0)
    )


def _why_new(why: Iterable[str]) -> str:
    return " ".join(str(_WHY[one]) for one in why)


def my_page(
    content: Content, made: PersonalAnswer, *, is_clinical: bool = False, new: NewSince | None = None, is_past: bool = False
) -> MyAnswer:
    """is_past: an earlier answer, read back. new: what is new against another day."""
    tailored = made.tailored
    trials = trial_list(made.matches)
    titles = {one.slug: one.title for one in content.answers}
    facts = tuple(shown_fact(one) for one in tailored.fact_cards)
    first = [one for one in facts if not one.is_minor][:MOST_FACTS]
    page = PageMaker(content, in_the_open=1, is_clinical=is_clinical).page(tailored)
    return MyAnswer(
        page=page,
        about_me=tuple(one for one in page.sections if one.is_mine),
        general=tuple(one for one in page.sections if not one.is_mine),
        is_tailored=tailored.is_tailored,
        switched_from=titles.get(tailored.requested_slug, "") if tailored.is_switched and not is_past else "",
        facts=tuple(first),
        more_facts=tuple(one for one in facts if one not in first),
        is_unchecked=any(badge.tone == "warn" for one in facts for badge in one.badges),
        checked_on=day_words(tailored.checked_on) if tailored.checked_on else "",
        strip=stage_strip(made.profile),
        events=timeline(made.profile),
        trend=trend(made.profile),
        unknowns=most_telling_first(tailored.unknowns[:MOST_UNKNOWNS], made.questions),
        questions=tuple(_shown_question(one) for one in made.questions),
        tests=_asked(one for one in made.questions if one.settles and one.gap in TESTS),
        asks=_asked(one for one in made.questions if one.settles and one.gap not in TESTS),
        trials=trials,
        short_list=trials.open[:MOST_TRIALS],
        are_trials_open=tailored.trials is TrialsDisplay.OPEN,
        are_trials_withheld=tailored.trials is TrialsDisplay.WITHHELD,
        made_on=day_words(made.made_on),
        profile_number=made.profile_number,
        new=_shown_news(new) if new else None,
        is_past=is_past,
        voice=voice(is_for_caregiver=tailored.is_for_caregiver),
    )


def _asked(found: Iterable[Question]) -> tuple[ShownQuestion, ...]:
    return tuple(_shown_question(one) for one in found)[:MOST_ASKS]


def _shown_question(one: Question) -> ShownQuestion:
    return ShownQuestion(told(one.text, one.language), told(one.why, one.why_language))


def _shown_news(new: NewSince) -> ShownNews:
    why = [name for name, is_so in (("facts", new.are_facts_new), ("pages", new.are_pages_new)) if is_so]
    return ShownNews(new.id, day_words(new.made_on), _why_new(why), new.comes, new.goes)
