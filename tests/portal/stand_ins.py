"""A small site and one made-up person, as values: what the pages are given by tailoring and by trial matching."""

from __future__ import annotations

import datetime as dt
from typing import Any

from personalize.content import Answer, Content, FactStatement, FixedText, GlossaryTerm, Guideline, Passage, Section, Service, Source
from personalize.criteria import Outcome, Truth
from personalize.eligibility import Kind, TrialCriterion
from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    Check,
    EvidenceRef,
    FactState,
    LabResult,
    PartialDate,
    PatientProfile,
    Proof,
    Treatment,
)
from personalize.questions import Question
from personalize.tailor.values import (
    Change,
    Citation,
    FactCard,
    FixedBlock,
    TailoredAnswer,
    TailoredSection,
    TailoredSentence,
    TrialsDisplay,
    Unknown,
)
from personalize.trials import Fit, Place, RuleOutcome, Trial, TrialMatch, Verdict
from portal.answers.values import PersonalAnswer

TODAY = dt.date(2026, 11, 24)
SLUG = "pancreatic"
_IDS = "11111111-1111-4111-8111-1111111111{:02}"
REPORT = "report.pdf"

CONTENT = Content(
    sources=(Source("SRC", "A careful study", "A journal", year=2026, url="https://example.org/study"),),
    facts=(FactStatement("FACT-01", "CAR-T is made from T cells.", ("SRC",), as_of="2026-06", checked_on=dt.date(2026, 11, 1)),),
    glossary=(GlossaryTerm("T cell", "A blood cell that protects you from germs.", ("T cells",)),),
    answers=(
        Answer(
            SLUG,
            "How does CAR-T cell therapy work for pancreatic cancer?",
            (Section("short", "The short answer", (Passage("p-1", "short", "{FACT-01}", ("FACT-01",)),)),),
            names=("pancreatic cancer",),
            main_point="CAR-T is only given in trials.",
            disease="pancreatic cancer",
        ),
    ),
    guidelines=(Guideline("Pancreatic cancer", "A guideline", "A group", 2026, "https://example.org/guideline"),),
    services=(
        Service("A help line", "Help line", "US", "Free", "Answers questions.", "https://example.org/help", "SRC", dt.date(2026, 11, 1)),
    ),
    fixed_texts=(
        FixedText("learning", "Learning", ("This page is for learning. It is not medical advice.",)),
        FixedText(
            "emergency_after_cells", "If you have had CAR-T", ("Call your team right away for any of these:", "a fever", "Then call 911.")
        ),
        FixedText("distress", "You can stop here", ("Reading this can be hard.",)),
    ),
)
CITED = Citation(number=1, key="SRC", title="A careful study", publisher="A journal", year=2026, url="https://example.org/study")


def ref(number: int, quote: str, page: int = 1) -> EvidenceRef:
    return EvidenceRef(_IDS.format(number), REPORT, page, quote)


def proof(number: int, quote: str, date: str, check: Check = Check.NOT_CHECKED) -> Proof:
    return Proof((ref(number, quote),), PartialDate.parse(date), 0.95, check, finding_ids=(_IDS.format(number),))


PROFILE = PatientProfile(
    primary_cancer=Cancer("Pancreatic ductal adenocarcinoma", "pancreas", "PAAD", proof=proof(1, "ductal adenocarcinoma", "2025-03-14")),
    stage=CancerStage("IV", "stated", "8", "T3", "N1", "M1", extent="metastatic", proof=proof(2, "stage IV", "2026-09-14")),
    biomarkers=(Biomarker("KRAS", "positive", "p.G12D", proof=proof(3, "KRAS p.G12D", "2026-03-28")),),
    treatments=(
        Treatment(
            "systemic", "Gemcitabine", line=2, start=PartialDate(2025, 8), status="ongoing", proof=proof(5, "gemcitabine", "2025-08")
        ),
        Treatment("systemic", "FOLFIRINOX", line=1, start=PartialDate(2025, 4), stop=PartialDate(2025, 7), stop_reason="toxicity"),
    ),
    labs=tuple(
        LabResult("CA 19-9", value, "U/mL", proof=proof(9, f"CA 19-9 {value:g}", date))
        for value, date in ((1240.0, "2025-01-10"), (410.0, "2025-04-04"), (520.0, "2025-09-12"))
    ),
)


def sentence(code: str, text: str, change: Change = Change.GENERAL, **parts: Any) -> TailoredSentence:
    return TailoredSentence(passage_id=code, section=parts.pop("section", "short"), text=text, change=change, sources=(CITED,), **parts)


def changed(code: str, text: str, change: Change, **parts: Any) -> TailoredSentence:
    why = {"row_id": "TM-34", "reason": f"Because your record ({REPORT}, page 1) says: KRAS p.G12D.", "state": FactState.FOUND}
    return sentence(code, text, change, **why, check=Check.NOT_CHECKED, evidence=(ref(3, "KRAS p.G12D"),), **parts)


def answer(**parts: Any) -> TailoredAnswer:
    """A general page, or, with `parts`, another one."""
    made = {
        "slug": SLUG,
        "requested_slug": SLUG,
        "title": CONTENT.answers[0].title,
        "disease": "pancreatic cancer",
        "made_on": TODAY,
        "content_hash": "c",
        "profile_hash": "p",
        "is_tailored": False,
        "lead": (),
        "banners": (),
        "sections": (
            TailoredSection(
                "short",
                "The short answer",
                (
                    sentence("p-1", "CAR-T is made from T cells. T cells are blood cells."),
                    sentence("p-2", "Half lived a year.", is_prognosis=True),
                    *(sentence(f"p-{n}", f"Another fact, number {n}.") for n in range(3, 12)),
                ),
            ),
            TailoredSection("steps", "The steps", (sentence("p-20", "Step 1 is collecting cells."),)),
        ),
        "questions": (sentence("q-1", "Which trials may fit me?"),),
        "trial_notes": (),
        "trials": TrialsDisplay.OPEN,
        "are_trials_around_surgery_only": False,
        "are_trials_by_distance": False,
        "needs_coordinator": False,
        "fact_cards": (),
        "unknowns": (),
        "sources": (CITED,),
        "fixed": tuple(FixedBlock(id=one.id, title=one.title, lines=one.lines) for one in CONTENT.fixed_texts),
    }
    return TailoredAnswer(**{**made, **parts})


def tailored(**parts: Any) -> TailoredAnswer:
    targets = changed("t-1", "There are trials for KRAS G12D. Ask your team.", Change.ADDED, section="targets")
    return answer(
        is_tailored=True,
        lead=(changed("t-0", "For your type of cancer, CAR-T is only given in trials.", Change.REPLACED),),
        sections=(
            TailoredSection("targets", "What trials aim at", (targets,), hidden=(sentence("p-40", "Left out."),)),
            *answer().sections,
        ),
        fact_cards=cards(),
        unknowns=(Unknown("TM-31", "We did not find a claudin 18.2 result.", None, "targets"),),
        **parts,
    )


def cards() -> tuple[FactCard, ...]:
    cancer, kras = PROFILE.primary_cancer, PROFILE.biomarkers[0]
    assert cancer is not None
    return (
        FactCard("primary_cancer", "Type of cancer", cancer.name, "The most common kind.", FactState.FOUND, Check.CONFIRMED_BY_COORDINATOR,
                 cancer.proof.evidence, "2025-03-14", finding_ids=cancer.proof.finding_ids),
        FactCard("biomarker", "KRAS", "changed (G12D)", "A gene change in the tumor.", FactState.OUT_OF_DATE, Check.NOT_CHECKED,
                 kras.proof.evidence, "2026-03-28", finding_ids=kras.proof.finding_ids),
    )  # fmt: skip


def _rule(kind: Kind, sentence: str, fit: Fit, outcome: Outcome | None) -> RuleOutcome:
    return RuleOutcome(TrialCriterion(sentence, kind, None), fit, outcome)


def matches() -> tuple[TrialMatch, ...]:
    evidence = PROFILE.biomarkers[0].proof.evidence
    trial = Trial("NCT00000001", title="KRAS G12D CAR-T (made up)", summary="T cells that look for KRAS G12D.", phase="PHASE1", status="RECRUITING",
                  updated_on=PartialDate(2026, 9, 1), places=(Place("United States", "Boston", "A center"),))  # fmt: skip
    outcomes = (
        _rule(Kind.INCLUSION, "KRAS G12D in the tumor.", Fit.MET, Outcome(Truth.MET, "Your report says KRAS G12D.", evidence)),
        _rule(Kind.EXCLUSION, "Brain metastases.", Fit.MET, Outcome(Truth.NOT_MET, "Your scan shows none.")),
        _rule(
            Kind.INCLUSION,
            "HLA-A*11:01.",
            Fit.UNKNOWN,
            Outcome(Truth.UNKNOWN, "We did not find your HLA type.", question="What is my HLA type?"),
        ),
        _rule(Kind.INCLUSION, "Able to swallow.", Fit.UNKNOWN, None),
    )
    ruled_out = (_rule(Kind.INCLUSION, "Stomach cancer.", Fit.NOT_MET, Outcome(Truth.NOT_MET, "Your records name another cancer.")),)
    stomach = Trial(
        "NCT00000002", title="A stomach cancer trial (made up)", summary="T cells for stomach cancer.", updated_on=PartialDate(2026, 8)
    )
    return (
        TrialMatch(trial, Verdict.POSSIBLE, None, outcomes, False, False, distance_km=16.1),
        TrialMatch(stomach, Verdict.RULED_OUT, None, ruled_out, True, False),
    )


def rendered(**parts: Any) -> PersonalAnswer:
    return PersonalAnswer(
        tailored(**parts), matches(), (Question("What is my HLA type?", "Trials ask for it."),), PROFILE, profile_number=3, made_on=TODAY
    )
