"""From values to what is shown: nothing is lost on the way, and nothing is added."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize.content import Gap, GlossaryTerm
from personalize.profile import Check, FactState, LabResult, PartialDate, PatientProfile, Proof, Treatment
from personalize.questions import Question
from personalize.tailor import FactCard
from personalize.tailor.values import Unknown
from portal.presenters.course import stage_strip, timeline
from portal.presenters.dates import partial_words, waiting_words
from portal.presenters.facts import facts_page, shown_fact
from portal.presenters.findings import value_words
from portal.presenters.glossary import Marker
from portal.presenters.marks import badges
from portal.presenters.my_answer import most_telling_first
from portal.presenters.proof import marked_text, page_picture
from portal.presenters.trend import trend
from portal.presenters.trials import phase_words, trial_list
from records.models import Page
from records.reading.page import Box
from tests.portal.stand_ins import PROFILE, matches

TERMS = (GlossaryTerm("T cell", "A blood cell.", ("T cells",)), GlossaryTerm("CAR-T", "A treatment.", ("CAR T",)))


@given(st.text(alphabet="T cellsCAR-<&>'\" \nİ.", max_size=60))
def test_marking_words_changes_no_letter(text: str) -> None:
    marked = str(Marker(TERMS).mark(text))
    assert html.unescape(re.sub(r"</?button[^>]*>", "", marked)) == text


def test_the_first_use_in_each_part_is_marked() -> None:
    marker = Marker(TERMS)
    assert str(marker.mark("T cells and T cells")).count("<button") == 1
    assert str(marker.mark("More T cells")).count("<button") == 0
    marker.new_part()
    assert str(marker.mark("a T cell, not a T cellist")).count("<button") == 1
    assert list(marker.used) == ["word-t-cell"]


@pytest.mark.parametrize(
    ("text", "said"), [("2026-06-22", "June 22, 2026"), ("2026-06", "June 2026"), ("2026", "2026"), ("undated", ""), (None, "")]
)
def test_dates_are_as_precise_as_they_are_known(text: str | None, said: str) -> None:
    assert partial_words(text) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 minute"), (59, "59 minutes"), (60, "1 hour"), (47 * 60, "47 hours"), (72 * 60, "3 days")]
)
def test_waiting_is_told_roughly(minutes: int, said: str) -> None:
    now = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    assert waiting_words(now - dt.timedelta(minutes=minutes), now) == said


def test_not_found_never_looks_like_a_result() -> None:
    assert [one.label for one in badges(FactState.NOT_FOUND, Check.NOT_CHECKED)] == ["Not found"]
    assert [one.label for one in badges(FactState.CONFLICTING, Check.NOT_CHECKED)] == ["Records disagree", "Not checked yet"]
    assert [one.label for one in badges(FactState.FOUND, Check.TOLD_BY_PATIENT)] == ["You told us"]


@pytest.mark.parametrize("status", ["not_tested", "pending", "quantity_not_sufficient", "vus", "not_resulted"])
def test_what_is_no_result_is_never_called_negative_or_positive(status: str) -> None:
    said = value_words("biomarker", {"name": "KRAS", "status": status})
    assert "negative" not in said and "positive" not in said and said.startswith("KRAS, ")


def test_values_in_the_records_own_terms() -> None:
    assert value_words("tnm", {"prefix": "c", "t": "T3", "n": "N1"}) == "cT3 N1"
    assert value_words("lab", {"name": "CA 19-9", "value": 520, "unit": "U/mL", "comparator": ">"}) == "CA 19-9 > 520 U/mL"
    assert value_words("treatment", {"name": "FOLFIRINOX", "status": "planned", "start": "2025-04"}) == "FOLFIRINOX, planned, April 2025"


def test_a_letter_of_ours_is_told_beside_what_is_written() -> None:
    assert PROFILE.stage is not None
    value = {"prefix": "p", "t": "T1b", "written": "T1", "because": "0.8 cm", "derived": True}
    assert value_words("tnm", value) == "pT1 as written; 0.8 cm makes it T1b."
    stage = replace(PROFILE.stage, t="T1b", t_written="T1", t_because="0.8 cm")
    (mine,) = [one.mine for one in stage_strip(replace(PROFILE, stage=stage)) if one.mine]
    assert mine == "The records say: stage IV (T1 N1 M1). T1 as written; 0.8 cm makes it T1b."


def test_the_strip_marks_the_stage_and_says_when_we_worked_it_out() -> None:
    assert PROFILE.stage is not None
    steps = stage_strip(PROFILE)
    assert [bool(one.mine) for one in steps] == [False, False, False, True]
    derived = replace(PROFILE, stage=replace(PROFILE.stage, group="IIB", stated_or_derived="derived"))
    assert [bool(one.mine) for one in stage_strip(derived)] == [False, True, False, False]
    assert "We worked this out" in stage_strip(derived)[1].mine
    assert stage_strip(PatientProfile()) == () and stage_strip(replace(PROFILE, stage=replace(PROFILE.stage, other_system="Rai"))) == ()


def test_the_timeline_runs_from_old_to_new() -> None:
    other = Treatment("systemic", "Insulin", is_for_other_disease=True)
    undated = Treatment("surgery", "Whipple", status="planned")
    events = timeline(replace(PROFILE, treatments=(*PROFILE.treatments, other, undated)))
    assert [one.what for one in events][1:] == ["FOLFIRINOX", "Gemcitabine", "Whipple"]
    assert [one.when for one in events] == ["March 14, 2025", "April 2025 to July 2025", "August 2025 to now", "No date given"]
    assert "stopped because of side effects" in events[1].more and "Planned" in events[3].more


def test_the_trend_needs_two_days_of_one_unit() -> None:
    assert trend(PatientProfile()) is None
    shown = trend(PROFILE)
    assert shown is not None
    assert [one.value for one in shown.rows] == ["1,240", "410", "520"]
    for drawing in shown.drawings:
        xs, ys = [one.x for one in drawing.points], [one.y for one in drawing.points]
        assert xs == sorted(xs) and ys[0] < ys[2] < ys[1] and max(xs) <= drawing.right and min(ys) >= 0
    other = LabResult("CA 19-9", 3.0, "kU/L", proof=Proof(date=PartialDate(2024)))
    assert trend(replace(PROFILE, labs=(PROFILE.labs[0], other))) is None


@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(1, 2000)), min_size=2, max_size=12))
def test_any_values_can_be_drawn(values: list[tuple[float, int]]) -> None:
    start = dt.date(2020, 1, 1)
    days = [start + dt.timedelta(days=day) for _, day in values]
    labs = tuple(
        LabResult("CA 19-9", value, "U/mL", proof=Proof(date=PartialDate(day.year, day.month, day.day)))
        for (value, _), day in zip(values, days, strict=True)
    )
    shown = trend(PatientProfile(labs=labs))
    assert (shown is None) == (len(set(days)) < 2)
    for drawing in shown.drawings if shown else ():
        assert all(0 <= one.x <= drawing.width and 0 <= one.y <= drawing.height for one in drawing.points)


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.1))
def test_the_near_picture_holds_the_words(x: float, top: float, size: float) -> None:
    page = Page(document_id="11111111-1111-4111-8111-111111111111", number=1, width=600, height=800, image="x")
    shown = page_picture(page, [(Box(x, top, x + size, top + size), "", "")])
    left, upper, wide, tall = shown.crop
    (mark,) = shown.marks
    assert left <= mark.x + 4 and mark.x + mark.width <= left + wide + 4
    assert upper <= mark.y + 3 and mark.y + mark.height <= upper + tall + 3
    assert left >= 0 and left + wide <= shown.width + 0.2 and upper >= 0 and upper + tall <= shown.height + 0.2


def test_a_quote_is_marked_in_its_page() -> None:
    assert str(marked_text("a <b> stage IV c", "stage IV")) == "a &lt;b&gt; <mark>stage IV</mark> c"
    assert str(marked_text("nothing <here>", "stage IV")) == "nothing &lt;here&gt;"


def test_hidden_trials_are_counted_and_kept() -> None:
    shown = trial_list(matches())
    assert [one.nct for one in shown.open] == ["NCT00000001"] and [one.nct for one in shown.hidden] == ["NCT00000002"]
    assert shown.known_on == "August 2026"
    assert [group.title for group in shown.open[0].groups] == ["Why it may fit", "What we do not know yet"]


@pytest.mark.parametrize(
    ("phase", "start"),
    [("PHASE1", "Early trial"), ("PHASE1, PHASE2", "Early trial (phase 1 and 2)"), ("EARLY_PHASE1", "Very early"), ("NA", ""), ("", "")],
)
def test_phases_say_what_they_are_for(phase: str, start: str) -> None:
    assert phase_words(phase).startswith(start) and bool(phase_words(phase)) == bool(start)


def _card(kind: str, label: str, number: int, **more: Any) -> FactCard:
    return FactCard(kind, label, "a value", "", FactState.FOUND, more.pop("check", Check.NOT_CHECKED), finding_ids=(f"f-{number}",), **more)


def test_what_decides_little_is_folded_and_what_is_doubted_is_not() -> None:
    labs = [_card("lab", f"Lab {n}", n) for n in range(6)]
    doubted = _card("lab", "Doubted", 9, check=Check.DISPUTED)
    genes = [_card("biomarker", "KRAS", 20), *(_card("biomarker", f"Gene {n}", 20 + n, is_minor=True) for n in range(1, 4))]
    groups = {str(one.title): one for one in facts_page([*genes, *labs, doubted], (), {}, may_decide=True).groups}
    assert [one.label for one in groups["Genes and markers"].facts] == ["KRAS"] and len(groups["Genes and markers"].more) == 3
    assert [one.label for one in groups["Blood tests"].facts] == ["Lab 0", "Lab 1", "Doubted"] and len(groups["Blood tests"].more) == 4
    few = facts_page(genes[:3], (), {}, may_decide=True).groups[0]
    assert len(few.facts) == 3 and not few.more


def test_what_the_person_told_is_told_again_and_no_finding_of_the_machine() -> None:
    shown = shown_fact(_card("ecog", "Fitness score", 1, check=Check.TOLD_BY_PATIENT), may_decide=True)
    assert (shown.tell_again, shown.findings, shown.can_decide) == ("performance", (), False)


def test_what_is_not_known_begins_with_what_would_settle_the_most() -> None:
    unknowns = [Unknown("TM-47", "No tumor test.", Gap.TUMOR_PROFILING, "a"), Unknown("TM-53", "No HLA type.", Gap.HLA, "a"),
                Unknown("TM-27", "No brain scan.", None, "a")]  # fmt: skip
    asked = [Question("What is my HLA type?", "", Gap.HLA, 4), Question("Was my tumor tested?", "", Gap.TUMOR_PROFILING, 2)]
    assert most_telling_first(unknowns, asked) == ("No HLA type.", "No tumor test.", "No brain scan.")
    assert most_telling_first(unknowns, ()) == ("No tumor test.", "No HLA type.", "No brain scan.")
