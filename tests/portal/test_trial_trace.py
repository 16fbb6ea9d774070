"""The team's view of a person's trials: each rule with the register's words, how it was read, the fact and its words, and why; behind the doors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from personalize.trials import match_trials
from portal.answers.personal import answer_hash
from portal.models import PersonalizedAnswer, User
from portal.models.trial import Criterion, Trial
from portal.trials import current_trials
from portal.views import answering
from records import actions
from records.models import AuditEvent, Document, Patient, ReviewRequest
from records.scope import Scope
from tests.factories import ask_for_review, make_patient, make_read_document
from tests.portal import stand_ins
from tests.portal.test_registry_trials import TODAY, store, studied
from tests.records.paper import paper

pytestmark = pytest.mark.django_db
NCT, OURS = "NCT00000101", "NCT00000017"


def _answer(scope: Any, patient: Patient) -> Any:
    """Her own facts and the trials of the database, on the small site."""
    profile = scope.profile(patient).profile
    return replace(stand_ins.rendered(), profile=profile, matches=tuple(match_trials(current_trials(), profile, today=TODAY)))


@pytest.fixture
def review(alice: Any, reader: Any, monkeypatch: pytest.MonkeyPatch) -> ReviewRequest:
    """alice's file says KRAS; a trial of ours and one of the register ask for it."""
    monkeypatch.setattr("portal.views.answering.for_team", _answer)
    patient = make_patient(alice, consents=("reading", "review"))
    make_read_document(patient, paper("KRAS=positive"))
    store(studied(NCT, rules="Inclusion Criteria:\n\n* KRAS mutation\n* A wish to sail at night\n"))
    trial = Trial.objects.create(nct=OURS, title="Our own", what_is_tested="Cells.", status="RECRUITING", status_on=TODAY)
    Criterion.objects.create(
        trial=trial,
        kind="inclusion",
        sentence="Your tumor has a KRAS change.",
        registry_sentence="Documented alteration of KRAS",
        rule={"predicate": "biomarker", "sub": "KRAS", "op": "mutated"},
    )
    made: ReviewRequest = ask_for_review(patient)
    return made


@pytest.fixture
def as_carol(carol: Any, sign_in: Callable[[Any], Client], review: ReviewRequest) -> Client:
    client = sign_in(carol)
    client.post(f"/review/{review.pk}/claim/")
    return client


def rows_of(page: str) -> list[str]:
    return re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)


def test_the_list_links_to_each_trial_of_ours_and_of_the_register(as_carol: Client, review: ReviewRequest) -> None:
    assert f'href="/review/{review.pk}/trials/"' in as_carol.get(f"/review/{review.pk}/").content.decode()
    ours, theirs = rows_of(as_carol.get(f"/review/{review.pk}/trials/").content.decode())
    assert f"/review/{review.pk}/trials/{OURS}/" in ours and "Ours" in ours
    assert f"/review/{review.pk}/trials/{NCT}/" in theirs and "Public register" in theirs


def test_each_rule_shows_its_words_its_reading_the_fact_with_its_proof_and_why(as_carol: Client, review: ReviewRequest) -> None:
    finding = Document.objects.get().findings.get()
    (rule,) = rows_of(as_carol.get(f"/review/{review.pk}/trials/{OURS}/").content.decode())
    assert "Documented alteration of KRAS" in rule and "Your tumor has a KRAS change." in rule
    assert "KRAS" in rule and f"/proof/{finding.pk}/" in rule
    assert as_carol.get(f"/proof/{finding.pk}/").status_code == 200
    rules = rows_of(as_carol.get(f"/review/{review.pk}/trials/{NCT}/").content.decode())
    gene, sails = (next(one for one in rules if words in one) for words in ("KRAS mutation", "A wish to sail at night"))
    assert f"/proof/{finding.pk}/" in gene and "Not read" not in gene
    assert "Not read" in sails and "Not known" in sails and "No program can read this rule." in sails
    assert as_carol.get(f"/review/{review.pk}/trials/NCT00000999/").status_code == 404


def test_looking_leaves_one_row_with_its_purpose(as_carol: Client, carol: Any, review: ReviewRequest) -> None:
    for path in ("", f"{OURS}/", f"{NCT}/"):
        last = AuditEvent.objects.count()
        assert as_carol.get(f"/review/{review.pk}/trials/{path}").status_code == 200
        looks = list(AuditEvent.objects.filter(id__gt=last))
        assert [(one.action, one.actor, one.patient, one.purpose) for one in looks] == [("looked", carol.pk, review.patient_id, "review")]


def test_what_the_team_looks_at_is_not_taken_for_her_own_look(carol: Any, alice: Any, reader: Any) -> None:
    call_command("load_content", verbosity=0)
    patient = make_patient(alice, consents=("reading", "review"))
    make_read_document(patient, paper("KRAS=positive"))
    ask_for_review(patient)
    made = answering.for_team(Scope(carol, purpose="review"), patient)
    assert made.profile.biomarkers[0].name == "KRAS" and not PersonalizedAnswer.objects.exists()
    assert answer_hash(made) == answer_hash(answering.personal(Scope(alice), patient)) and PersonalizedAnswer.objects.exists()


def test_where_she_lives_is_not_the_teams_business(as_carol: Client, alice: Any, review: ReviewRequest) -> None:
    actions.tell_place(by=alice, patient=Patient.objects.get(), country="United States", zip_code="21201", miles=10)
    for path in ("", f"{NCT}/"):
        page = as_carol.get(f"/review/{review.pk}/trials/{path}").content.decode()
        assert "21201" not in page and "km away" not in page and "miles away" not in page


def test_without_the_claim_the_grant_or_the_role_there_is_nothing(
    carol: Any, alice: Any, bob: Any, sign_in: Callable[[Any], Client], review: ReviewRequest
) -> None:
    paths = [f"/review/{review.pk}/trials/", f"/review/{review.pk}/trials/{NCT}/"]
    as_carol = sign_in(carol)
    assert [as_carol.get(path).headers["Location"] for path in paths] == ["/review/"] * 2
    assert [sign_in(alice).get(path).status_code for path in paths] == [403] * 2
    assert [sign_in(bob).get(path).status_code for path in paths] == [404] * 2
    as_carol.post(f"/review/{review.pk}/claim/")
    assert as_carol.get(paths[0]).status_code == 200
    actions.withdraw_consent(by=alice, patient=Patient.objects.get(), purpose="review")
    assert [as_carol.get(path).status_code for path in paths] == [404] * 2


def test_an_administrator_sees_the_same_while_the_record_is_open_to_help(review: ReviewRequest, sign_in: Callable[[Any], Client]) -> None:
    root = User.objects.create_superuser("root@example.org", "correct horse battery")
    client = sign_in(root)
    assert client.get(f"/review/{review.pk}/trials/").status_code in (403, 404)
    access = actions.open_support(by=root, record=review.patient_id, reason="A trial is shown that should not be.", minutes=15)
    listed = f"/support/record/{access.pk}/trials/"
    assert f'href="{listed}"' in client.get(f"/support/record/{access.pk}/").content.decode()
    assert len(rows_of(client.get(listed).content.decode())) == 2
    assert "Documented alteration of KRAS" in client.get(f"{listed}{OURS}/").content.decode()
    assert set(AuditEvent.objects.filter(actor=root.pk, action="looked", outcome="done").values_list("purpose", flat=True)) == {"support"}
    actions.end_support(by=root, access=access)
    assert [client.get(path).status_code for path in (listed, f"{listed}{OURS}/")] == [404] * 2
