"""Made-up people as profiles, the seeded content, and what every changed sentence must carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from personalize.content import Content, load_seed
from personalize.profile import (
    Biomarker,
    Cancer,
    CancerStage,
    Check,
    Conflict,
    EvidenceRef,
    Fact,
    FactState,
    FamilyHistory,
    LabResult,
    PartialDate,
    PatientProfile,
    Proof,
    Treatment,
)
from personalize.tailor import TailoredAnswer, TailoredSentence, tailor

TODAY = date(2026, 11, 25)
SEED = Path(__file__).parents[3] / "portal" / "seed"


@cache
def content() -> Content:
    return load_seed(SEED)


def proof(quote: str, on: str | None = "2026-11-10", check: Check = Check.NOT_CHECKED, **more: Any) -> Proof:
    """Words on page 2 of a report."""
    ref = EvidenceRef(f"id-{quote}-{on}", "report.pdf", 2, quote)
    return Proof((ref,), PartialDate.parse(on), 0.95, check, finding_ids=(f"f-{quote}",), **more)


def cancer(code: str | None, name: str, **more: Any) -> Cancer:
    return Cancer(name, code=code, proof=more.pop("proof", proof(name)), **more)


PDAC = cancer("PAAD", "Pancreatic ductal adenocarcinoma")
PNET = cancer("PANET", "Pancreatic neuroendocrine tumor", grade="G2")
ACINAR = cancer("PAAC", "Acinar cell carcinoma")
AMPULLARY = cancer("AMPCA", "Ampullary carcinoma")
GASTRIC = cancer("STAD", "Gastric adenocarcinoma")
B_ALL = cancer("BLL", "B-cell acute lymphoblastic leukemia")
LBCL = cancer("DLBCLNOS", "Diffuse large B-cell lymphoma")
FOLLICULAR = cancer("FL", "Follicular lymphoma")
MANTLE = cancer("MCL", "Mantle cell lymphoma")
CLL = cancer("CLLSLL", "Chronic lymphocytic leukemia")
MARGINAL = cancer("MZL", "Marginal zone lymphoma")
MYELOMA = cancer("PCM", "Plasma cell myeloma")
COLON = cancer("COADREAD", "Colon adenocarcinoma")


def person(primary: Cancer | None = PDAC, *markers: Biomarker, **facts: Any) -> PatientProfile:
    """With a cancer of the pancreas where nothing else is said."""
    return PatientProfile(primary_cancer=primary, biomarkers=markers, **facts)


def marker(name: str, status: str = "positive", detail: str | None = None, **more: Any) -> Biomarker:
    kept = more.pop("proof", None) or proof(f"{name} {status} {detail or ''}".strip())
    return Biomarker(name, status, detail, proof=kept, **more)


def stage(group: str | None = None, extent: str | None = None, **more: Any) -> CancerStage:
    kept = more.pop("proof", None) or proof(f"stage {group} {extent}")
    return CancerStage(group, more.pop("stated_or_derived", "stated"), "8", extent=extent, proof=kept, **more)


METASTATIC = stage("IV", "metastatic")


def course(name: str, line: int | None = 1, **more: Any) -> Treatment:
    kind = more.pop("kind", "systemic")
    return Treatment(kind, name, line=line, proof=proof(name), **more)


def lab(name: str, value: float, unit: str | None = None, on: str | None = "2026-11-10", **more: Any) -> LabResult:
    return LabResult(name, value, unit, proof=proof(f"{name} {value}", on), **more)


def fact(value: Any, on: str | None = "2026-11-10", **more: Any) -> Fact[Any]:
    return Fact(value, proof(str(value), on, **more))


def told(**facts: Any) -> MappingProxyType[str, Any]:
    return MappingProxyType(facts)


def aunt(condition: str) -> FamilyHistory:
    return FamilyHistory("aunt", condition, proof(f"aunt {condition}"))


def page_of(profile: PatientProfile, slug: str = "pancreatic", conflicts: Sequence[Conflict] = ()) -> TailoredAnswer:
    return tailor(content(), profile, today=TODAY, slug=slug, conflicts=conflicts)


def changes_of(answer: TailoredAnswer, row: str) -> list[TailoredSentence]:
    return [one for one in answer.changes() if one.row_id == row]


def words_of(sentences: Iterable[TailoredSentence]) -> str:
    return "\n".join(one.text for one in sentences)


def assert_carries_its_reasons(sentence: TailoredSentence) -> None:
    """A reason, a dated source, and the patient's own words or the plain statement that there are none."""
    assert sentence.reason, sentence
    assert sentence.reason.startswith("Because"), sentence.reason
    assert sentence.state is not None
    assert sentence.sources, sentence.text
    assert all(one.title for one in sentence.sources)
    says_why_there_is_none = sentence.state is FactState.NOT_FOUND or "told us" in sentence.reason or "coordinator" in sentence.reason
    assert sentence.evidence or says_why_there_is_none, (sentence.row_id, sentence.reason)


def check_row(
    row: str,
    *,
    yes: PatientProfile,
    no: PatientProfile,
    unknown: PatientProfile,
    says: str,
    asks: str = "",
    conflicts: Sequence[Conflict] = (),
) -> TailoredAnswer:
    """The row speaks for `yes`, is silent for `no`, and for `unknown` is silent and asks. says: words of its sentences on the page."""
    answer = page_of(yes, conflicts=conflicts)
    mine = changes_of(answer, row)
    assert mine, f"{row} says nothing; {answer.rows()} did"
    assert says in words_of(mine)
    for one in mine:
        assert_carries_its_reasons(one)
    for other in (no, unknown):
        assert row not in page_of(other).rows()
    if asks:
        prompts = [one.prompt for one in page_of(unknown).unknowns]
        assert any(asks in one for one in prompts), prompts
        assert not any(asks in one.prompt for one in page_of(no).unknowns)
    return answer


NOBODY = PatientProfile()
