"""Facts, my answer, trials: what each sentence and each rule carries."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from personalize.profile import Conflict, EvidenceRef, FactState
from personalize.tailor.values import Change, TrialsDisplay
from portal.presenters.summary import NoPdf
from records.models import Document, Patient, Profile, Review, Statement
from records.shown import CurrentProfile
from tests.portal import stand_ins

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
MINE = f"/my/{stand_ins.SLUG}/"


def _text(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_every_tailored_sentence_has_its_reason_record_and_source(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, MINE)
    for code in ("t-0", "t-1"):
        block = text.split(f'id="s-{code}"')[1].split("</div>\n</div>")[0]
        assert "Why you see this" in block and "Because your record" in block
        assert 'href="/proof/' in block and "report.pdf, page 1" in block and 'href="#source-1"' in block
    assert "Not checked yet" in text and "Checked by our team" in text and "May have changed" in text


def test_the_main_point_comes_first_and_general_parts_last(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, MINE)
    order = ["The main point", "What we found in your records", "What trials aim at", "What we do not know yet", "Your stage",
             "Your treatment so far", "Your CA 19-9 over time", "Trials to ask about", "Questions for your doctor",
             "When to call for help right away", "The rest of the page", "You can stop here", "Where this comes from"]  # fmt: skip
    places = [text.rindex(f">{one}</h2>") for one in order if f">{one}</h2>" in text]
    assert len(places) >= len(order) - 2
    assert places == sorted(places)


def test_numbers_about_life_stay_closed_on_my_answer(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, MINE)
    assert text.index("Study averages (opens numbers") < text.index("Half lived a year.")
    assert "<details open" not in text


def test_what_is_left_out_is_counted_and_can_be_opened(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, MINE)
    assert "We left out 1 part because of your records" in text and "Left out." in text


def test_the_other_view_lists_only_changes(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, MINE, view="changes")
    assert "2 parts of the page are different for you" in text and "Another fact" not in text
    assert as_alice.get(MINE, {"view": "nonsense"}).status_code == 404


def test_pages_for_the_doctor(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, f"{MINE}print/")
    assert "changed (G12D)" in text and "report.pdf, page 1" in text and "claudin 18.2" in text and "What is my HLA type?" in text
    assert "It is not medical advice" in text and "Then call 911." in text


def test_the_summary_is_a_tagged_pdf_of_two_pages_at_most(as_alice: Client, read_file: Document) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    response = as_alice.get(f"{MINE}for-my-doctor.pdf")
    assert response.headers["Content-Type"] == "application/pdf" and response.headers["Content-Disposition"].startswith("attachment")
    with pikepdf.open(io.BytesIO(response.content)) as made:
        assert 1 <= len(made.pages) <= 2
        assert made.Root.MarkInfo.Marked and "/Lang" in made.Root


def test_without_pango_the_page_to_print_is_shown(as_alice: Client, read_file: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(mine: Any) -> bytes:
        raise NoPdf

    monkeypatch.setattr("portal.views.mine.summary_pdf", fail)
    text = as_alice.get(f"{MINE}for-my-doctor.pdf", follow=True).content.decode()
    assert "We cannot make a PDF right now." in text and "For my doctor" in text


def test_without_records_the_way_in_is_shown(as_bob: Client, bob: Any) -> None:
    from tests.factories import make_patient

    make_patient(bob)
    assert "Your answer starts with your records" in _text(as_bob, "/my/")


def test_the_short_way_leads_to_the_fitting_answer(as_alice: Client, read_file: Document) -> None:
    assert as_alice.get("/my/").headers["Location"] == MINE


def test_trials_from_the_persons_side(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, "/my/trials/")
    assert "Only the trial team can say if you can join." in text and "About 10 miles away" in text
    assert "Open to new people, as of September 1, 2026" in text or "as of Sept. 1, 2026" in text
    assert "1 trial is left out. Open it." in text
    rules = _text(as_alice, "/my/trials/NCT00000001/")
    exclusion = rules.split("Brain metastases.")[0].rsplit("<section", 1)[1]
    assert "Met" in exclusion and "Must not be so" in exclusion and "rule-met" in exclusion
    assert "You could ask: What is my HLA type?" in rules and "We could not read this rule" in rules
    assert "May not fit" in _text(as_alice, "/my/trials/NCT00000002/")
    assert as_alice.get("/my/trials/NCT99999999/").status_code == 404


def test_no_trials_while_the_diagnosis_is_open(as_alice: Client, read_file: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stand_ins.rendered(trials=TrialsDisplay.WITHHELD)
    for place in ("mine", "trials"):
        monkeypatch.setattr(f"portal.views.{place}.personal", lambda by, patient, slug=None: made)
    for url in (MINE, "/my/trials/"):
        text = _text(as_alice, url)
        assert "We show no trials until the type of cancer is clear." in text and "NCT00000001" not in text
    assert as_alice.get("/my/trials/NCT00000001/").status_code == 404


@pytest.mark.parametrize(("pressed", "kept"), [("right", "confirmed"), ("not_sure", "disputed"), ("not_there", "rejected")])
def test_one_press_decides_every_finding_behind_a_card(as_alice: Client, read_file: Document, pressed: str, kept: str) -> None:
    ids = [str(one.pk) for one in read_file.findings.all()]
    as_alice.post("/facts/decide/", {"finding": ids, "decision": pressed})
    assert {(str(one.finding_id), one.decision) for one in Review.objects.all()} == {(one, kept) for one in ids}


def test_the_person_is_told_what_changed(as_alice: Client, read_file: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [str(one.pk) for one in read_file.findings.all()]
    same = as_alice.post("/facts/decide/", {"finding": ids, "decision": "right"}, follow=True)
    assert "Saved. Your answer stays the same." in same.content.decode()
    made = iter([stand_ins.rendered(), stand_ins.rendered(questions=(stand_ins.changed("q-9", "Ask this.", Change.ADDED),))])
    monkeypatch.setattr("portal.views.facts.personal", lambda by, patient: next(made))
    other = as_alice.post("/facts/decide/", {"finding": ids, "decision": "right"}, follow=True)
    assert "Saved. 1 part of your answer changed." in other.content.decode()


def test_nobody_decides_for_others(as_bob: Client, bob: Any, read_file: Document) -> None:
    from tests.factories import make_patient

    make_patient(bob)
    finding = read_file.findings.first()
    assert finding is not None
    assert as_bob.post("/facts/decide/", {"finding": [str(finding.pk)], "decision": "right"}).status_code == 404
    assert as_bob.post(f"/facts/{finding.pk}/", {"name": "KRAS", "status": "negative"}).status_code == 404
    assert not Review.objects.exists()


def test_a_correction_keeps_what_was_not_asked_about(as_alice: Client, read_file: Document) -> None:
    finding = next(one for one in read_file.findings.all() if one.value["name"] == "KRAS")
    refused = as_alice.post(f"/facts/{finding.pk}/", {"name": "", "status": "negative"})
    assert "<title>Error: " in refused.content.decode()
    as_alice.post(f"/facts/{finding.pk}/", {"name": "KRAS", "status": "negative", "detail": ""})
    review = Review.objects.get()
    assert (review.decision, review.corrected) == ("corrected", {"name": "KRAS", "status": "negative"})


def test_a_typed_fact(as_alice: Client, record: Patient) -> None:
    wrong = as_alice.post("/facts/add/performance/", {"scale": "ECOG", "value": "1", "on": "last week"})
    assert "Type the date like" in wrong.content.decode() and not Statement.objects.exists()
    as_alice.post("/facts/add/performance/", {"scale": "ECOG", "value": "1", "on": "2026-10"})
    told = Statement.objects.get()
    assert (told.kind, told.value, told.date) == ("performance", {"scale": "ECOG", "value": 1}, "2026-10")


def test_a_situation_is_told_in_parts_and_can_be_told_again(as_alice: Client, record: Patient) -> None:
    def known() -> Any:
        return Profile.objects.get(patient=record, is_current=True).content["profile"]

    as_alice.post("/facts/add/situation/", {"country": "Canada", "far": "yes"})
    as_alice.post("/facts/add/situation/", {"caregiver": "no"})
    assert known()["country"]["value"] == "Canada"
    assert known()["clinical"] == {"lives_far": True, "has_no_caregiver": True}
    as_alice.post("/facts/add/situation/", {"far": "no", "caregiver": "yes"})
    assert known()["clinical"] == {"lives_far": False, "has_no_caregiver": False}


def test_what_was_told_last_counts_though_it_was_told_on_the_same_day(as_alice: Client, record: Patient) -> None:
    for score in ("1", "3", "2"):
        as_alice.post("/facts/add/performance/", {"scale": "ECOG", "value": score})
    as_alice.post("/facts/add/performance/", {"scale": "Karnofsky", "value": "70"})
    known = Profile.objects.get(patient=record, is_current=True).content
    assert (known["profile"]["ecog"]["value"], known["profile"]["karnofsky"]["value"], known["conflicts"]) == (2, 70, [])


def test_a_typed_cancer_has_its_code(as_alice: Client, record: Patient) -> None:
    as_alice.post("/facts/add/diagnosis/", {"name": "Pancreatic neuroendocrine tumor"})
    assert Statement.objects.get().value["code"] == "PANET"
    assert as_alice.get("/facts/add/nonsense/").status_code == 404


def test_the_facts_page_names_what_is_missing(as_alice: Client, read_file: Document) -> None:
    text = _text(as_alice, "/facts/")
    assert "We did not find your stage." in text and "We did not find your type of cancer." not in text
    assert "Not found does not mean no." in text
    assert FactState.OUT_OF_DATE and "This is right" in text and "This is wrong" in text and "I am not sure" in text


def test_a_conflict_stands_side_by_side_with_its_own_pages(
    as_alice: Client, record: Patient, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values and evidence of a conflict come in different orders: each value must stand by the page that says it."""
    from tests.factories import make_read_document
    from tests.records.paper import paper

    old = make_read_document(record, paper("MSI=positive"), name="old.pdf").findings.get()
    new = make_read_document(record, paper("MSI=negative"), name="new.pdf").findings.get()
    refs = tuple(EvidenceRef(str(one.pk), one.document.name, 1, "q") for one in (old, new))
    told = Conflict("biomarker MSI", ("negative", "positive"), "negative", "The newer one is used for now.", refs)
    current = CurrentProfile(old.pk, 1, stand_ins.PROFILE, (told,), timezone.now(), None, None)
    monkeypatch.setattr("records.scope.Scope.profile", lambda self, patient: current)
    first, second = _text(as_alice, "/facts/").split('class="versus"')[1].split("</ul>")[0].split("</li>")[:2]
    assert "negative" in first and "new.pdf, page 1" in first and "Used for now" in first and str(new.pk) in first
    assert "positive" in second and "old.pdf, page 1" in second and "Used for now" not in second and str(old.pk) in second
