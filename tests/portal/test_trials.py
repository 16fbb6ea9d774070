"""Trials: from the seed to rows to values, edited by an admin, and what a person then sees."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import html

from personalize.content.wording import wording_faults
from personalize.criteria import Rule
from personalize.criteria.history import treatment_words
from personalize.eligibility import leaves
from personalize.profile import Biomarker, Cancer, Fact, PartialDate, PatientProfile, Proof
from personalize.trials import TrialMatch, Verdict, match_trials
from portal.admin.conditions import ConditionField
from portal.content.conditions import TRIAL_RULE
from portal.content.previewing import made_up_people
from portal.models.trial import Criterion, Site, Trial
from portal.trials import current_trials
from portal.trials.seeding import TrialSeedFault, load_trials

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)
SEED = """
[[trial]]
nct = "NCT00000017"
title = "Made-up cells against KRAS G12D"
what_is_tested = "Your own T cells look for a KRAS change."
target = "KRAS G12D"
kind = "TCR-T"
phase = "1"
status = "RECRUITING"
status_on = 2026-10-01
conditions = ["PAAD"]
countries = ["Iceland"]
sites = [{ city = "Akureyri", country = "Iceland", latitude = 65.7, longitude = -18.1 }]
criteria = [
  { kind = "inclusion", sentence = "Age 18 or older.", rule = { predicate = "age", op = "at_least", value = 18 } },
  { kind = "inclusion", sentence = "KRAS G12D.", rule = { predicate = "biomarker", sub = "KRAS", op = "variant_in", value = ["G12D"] } },
  { kind = "exclusion", sentence = "A wish to sail at night." },
]
"""


def person(**more: Any) -> PatientProfile:
    seen = Proof(date=PartialDate(2026, 11, 1), confidence=0.97)
    return PatientProfile(
        primary_cancer=Cancer("Pancreatic ductal adenocarcinoma", "pancreas", "PAAD", proof=seen),
        age=Fact(63, seen),
        biomarkers=(Biomarker("KRAS", "positive", "p.G12D", proof=seen),),
        **more,
    )


def match() -> TrialMatch:
    return match_trials(current_trials(), person(), today=TODAY)[0]


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "trials.toml"
    path.write_text(SEED, encoding="utf-8")
    return path


def test_the_seed_holds_real_trials_with_dates_rules_and_plain_words() -> None:
    load_trials()
    shown = current_trials()
    assert len(shown) >= 20
    for one in shown:
        assert one.updated_on is not None and one.updated_on.latest() <= TODAY
        assert sum(criterion.rule is not None for criterion in one.criteria) >= 2, one.nct
        for text in (one.title, one.summary, *(criterion.sentence for criterion in one.criteria)):
            assert not wording_faults(text, max_grade=99), text
        assert not wording_faults(one.summary), one.summary


def test_each_rule_of_the_seed_can_be_checked_or_is_asked_in_its_own_words() -> None:
    load_trials()
    nobody = match_trials(current_trials(), PatientProfile(), today=TODAY)
    judged = [one for found in nobody for one in found.outcomes]
    assert [one.criterion.sentence for one in judged if one.outcome is None] == []
    uncheckable = [one for one in judged if one.criterion.rule is None]
    assert uncheckable and all(one.criterion.question and one.criterion.question.endswith("?") for one in uncheckable)
    assert all(one.outcome and one.criterion.sentence in one.outcome.reason for one in uncheckable)


def test_each_treatment_that_a_seeded_rule_names_is_in_the_vocabulary() -> None:
    load_trials()
    named = {
        word
        for trial in current_trials()
        for one in trial.criteria
        if one.rule is not None
        for leaf in leaves(one.rule)
        if leaf.predicate == "treatment" and isinstance(leaf.value, tuple)
        for word in leaf.value
    }
    assert named and sorted(named - treatment_words()) == []


def test_a_trial_is_matched_by_its_rules_as_rows(seed: Path) -> None:
    load_trials(seed)
    found = match()
    assert (found.trial.nct, found.verdict) == ("NCT00000017", Verdict.FITS)
    assert [one.criterion.question for one in found.outcomes][1] == "Was KRAS tested, and what was the result?"
    assert found.trial.places[0].city == "Akureyri"


def test_loading_the_same_seed_again_writes_nothing(seed: Path) -> None:
    assert load_trials(seed) == 3
    assert load_trials(seed) == 0


def test_a_newer_seed_replaces_what_nobody_touched_and_keeps_what_an_admin_changed(seed: Path) -> None:
    load_trials(seed)
    Criterion.objects.get(sentence="KRAS G12D.").delete()
    seed.write_text(SEED.replace("RECRUITING", "COMPLETED").replace("Age 18 or older", "Age 21 or older"), encoding="utf-8")
    assert load_trials(seed) == 1
    assert Trial.objects.get().status == "COMPLETED"
    assert set(Criterion.objects.values_list("sentence", flat=True)) == {"Age 18 or older.", "A wish to sail at night."}


def test_a_rule_of_the_seed_that_is_no_rule_is_named_and_nothing_is_written(seed: Path) -> None:
    seed.write_text(SEED.replace('op = "at_least", value = 18', 'op = "at_least", value = "old"'), encoding="utf-8")
    with pytest.raises(TrialSeedFault, match="NCT00000017: 'age at_least' takes a number"):
        load_trials(seed)
    assert not Trial.objects.exists()


def test_a_stored_rule_that_can_no_longer_be_read_stays_as_an_open_sentence(seed: Path) -> None:
    load_trials(seed)
    Criterion.objects.filter(sentence="KRAS G12D.").update(rule={"predicate": "moon", "op": "full"})
    assert match().verdict is Verdict.FITS
    assert {one.criterion.sentence: one.fit.value for one in match().outcomes}["KRAS G12D."] == "unknown"


def form_of(as_admin: Client, **changes: Any) -> dict[str, Any]:
    """What the admin's page would send: the fields as drawn, with changes."""
    page = as_admin.get("/admin/portal/trial/NCT00000017/change/")
    sent: dict[str, Any] = {}
    forms = [page.context["adminform"].form, *(one for group in page.context["inline_admin_formsets"] for one in group.formset.forms)]
    managers = [group.formset.management_form for group in page.context["inline_admin_formsets"]]
    for form in (*forms, *managers):
        for bound in form:
            value = bound.value()
            sent[bound.html_name] = value if value is not None else ""
    return {name: value for name, value in (sent | changes).items() if value is not False}


def rule_page(sentence: str) -> str:
    return f"/admin/portal/criterion/{Criterion.objects.get(sentence=sentence).pk}/change/"


def typed(as_admin: Client, url: str, **changes: str) -> Any:
    """The form of a rule as the browser would send it; rule_0_value is the value of its first row."""
    form = html.fromstring(as_admin.get(url).content.decode()).get_element_by_id("criterion_form")
    return as_admin.post(
        url, {**dict(form.form_values()), **{re.sub("^rule_(.)_", r"rule-\1-", name): said for name, said in changes.items()}}
    )


def test_an_admin_edits_a_rule_as_rows_and_the_next_match_follows(seed: Path, as_admin: Client) -> None:
    load_trials(seed)
    assert match().verdict is Verdict.FITS
    assert "Holds when KRAS has G12D." in as_admin.get("/admin/portal/trial/NCT00000017/change/").content.decode()
    assert typed(as_admin, rule_page("KRAS G12D."), rule_0_value="G12V").status_code == 302
    assert match().verdict is Verdict.RULED_OUT
    assert match().outcomes[1].criterion.rule == Rule("biomarker", "variant_in", ("G12V",), sub="KRAS")


def test_a_rule_is_tried_on_made_up_people_and_nothing_is_kept(seed: Path, as_admin: Client) -> None:
    load_trials(seed)
    other = {"rule_0_what": "any", "rule_1_what": "age", "rule_1_level": "1", "rule_1_op": "below", "rule_1_value": "18",
             "rule_2_what": "ecog", "rule_2_level": "1", "rule_2_op": "at_most", "rule_2_value": "1", "rule_2_holds": "not"}  # fmt: skip
    said = typed(as_admin, rule_page("A wish to sail at night."), _try="1", **other).content.decode()
    words = " ".join(html.fromstring(said).text_content().split())
    assert "Holds when the age is below 18 or it is not so that the ECOG score is at most 1." in words
    tried = html.fromstring(said).xpath("//table[caption='On made-up people']//tr[td]")
    outcome = {row.findtext("th"): row.findtext("td") for row in tried}
    assert len(outcome) == len(made_up_people())
    assert (outcome["Child with B-cell leukemia"], outcome["Nothing known"]) == ("met", "not known")
    assert outcome["Pancreatic cancer, spread to the liver, KRAS G12D and claudin 18.2"] == "not met"
    assert not Criterion.objects.exclude(rule=None).filter(sentence__startswith="A wish").exists()


def test_a_rule_that_nobody_changed_is_not_taken_for_a_correction(seed: Path, as_admin: Client) -> None:
    """Saved with another question only, a rule keeps the very JSON it had, whatever the rows would write."""
    load_trials(seed)
    odd = {"not": {"not": {"predicate": "age", "op": "at_least", "value": 18}}}
    Criterion.objects.filter(sentence="Age 18 or older.").update(rule=odd)
    assert typed(as_admin, rule_page("Age 18 or older."), question="How old are you?").status_code == 302
    kept = Criterion.objects.get(sentence="Age 18 or older.")
    assert (kept.rule, kept.question) == (odd, "How old are you?")


def test_rows_say_what_the_rules_of_the_seed_say() -> None:
    load_trials()
    field = ConditionField(TRIAL_RULE)
    rules = list(Criterion.objects.exclude(rule=None).values_list("rule", flat=True))
    assert len(rules) > 60
    assert [one for one in rules if field.clean(field.prepare_value(one)) != one] == []


@pytest.mark.parametrize(
    ("sentence", "changes", "said"),
    [
        ("Age 18 or older.", {"rule_0_value": "old"}, "Row 1:"),
        ("Age 18 or older.", {"rule_0_what": "wealth"}, "Row 1:"),
        (
            "Age 18 or older.",
            {"rule_0_what": "diagnosis", "rule_0_op": "in", "rule_0_value": "PDAC"},
            "we do not know this code of a cancer: PDAC",
        ),
        ("A wish to sail at night.", {"is_recoverable": "on"}, "Untick the box, or write the rule."),
    ],
)
def test_a_wrong_rule_is_refused_with_a_sentence(seed: Path, as_admin: Client, sentence: str, changes: dict[str, str], said: str) -> None:
    load_trials(seed)
    answer = typed(as_admin, rule_page(sentence), **changes)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert match().verdict is Verdict.FITS


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("conditions", '["PANCREASE"]', "We do not know these codes of cancers: PANCREASE"),
        ("countries", '"Iceland"', "Write a list of names of countries in square brackets"),
        ("what_is_tested", "A miracle for you.", "Say what was seen, in how many people."),
        ("nct", "NCT12", "NCT and 8 digits"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(seed: Path, as_admin: Client, field: str, value: str, said: str) -> None:
    load_trials(seed)
    answer = as_admin.post("/admin/portal/trial/NCT00000017/change/", form_of(as_admin, **{field: value}))
    assert answer.status_code == 200
    assert said in " ".join(str(one) for one in answer.context["errors"])
    assert match().verdict is Verdict.FITS


def test_a_trial_that_an_admin_hides_or_deletes_is_shown_no_more(seed: Path, as_admin: Client) -> None:
    load_trials(seed)
    hidden = Trial.objects.get()
    hidden.is_shown = False
    hidden.save()
    assert current_trials() == ()
    hidden.is_shown = True
    hidden.save()
    assert len(current_trials()) == 1
    as_admin.post("/admin/portal/trial/", {"action": "delete_selected", "_selected_action": "NCT00000017", "post": "yes"})
    assert current_trials() == ()
    assert not Site.objects.exists()


def test_asking_again_costs_one_small_query(seed: Path, django_assert_num_queries: Any) -> None:
    load_trials(seed)
    current_trials()
    with django_assert_num_queries(1):
        current_trials()
