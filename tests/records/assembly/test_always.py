"""What must hold of every profile, whatever was found and in whatever order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalize.codec import encode_profile
from records.assembly import Decision, JudgedFinding, assemble
from records.extraction.finding import Assertion, Kind
from tests.records.assembly.judged import coordinator, diagnosis, ecog, said, treatment

TODAY = date(2025, 12, 1)
FOLFIRINOX = ["oxaliplatin", "irinotecan", "fluorouracil", "leucovorin"]


DAYS = st.dates(date(2023, 1, 1), date(2025, 11, 30)).map(str)
FILES = st.sampled_from(["a.pdf", "b.pdf", "c.pdf"])
TYPES = st.sampled_from(["pathology", "molecular", "oncology_note", "radiology", "other"])


@st.composite
def judged_lists(draw: st.DrawFn) -> list[JudgedFinding]:
    made = []
    for number in range(draw(st.integers(1, 14))):
        more = {"id": f"f{number}", "file": draw(FILES), "type": draw(TYPES), "written": draw(DAYS), "is_told": draw(st.booleans())}
        kind = draw(st.sampled_from(["ecog", "group", "tnm", "marker", "treatment", "diagnosis", "extent", "lab", "site"]))
        made.append(_drawn(draw, kind, more))
    return made


def _drawn(draw: st.DrawFn, kind: str, more: dict) -> JudgedFinding:
    if kind == "ecog":
        return ecog(draw(st.integers(0, 4)), **more)
    if kind == "group":
        return said(Kind.STAGE_GROUP, {"group": draw(st.sampled_from(["I", "IIB", "III", "IV"])), "derived": draw(st.booleans())}, **more)
    if kind == "tnm":
        return said(
            Kind.TNM,
            {
                "t": draw(st.sampled_from(["T1", "T2", "T3"])),
                "m": draw(st.sampled_from(["M0", "M1"])),
                "prefix": draw(st.sampled_from(["c", "p"])),
            },
            **more,
        )
    if kind == "marker":
        value = {
            "name": draw(st.sampled_from(["KRAS", "HER2"])),
            "status": draw(st.sampled_from(["positive", "negative", "pending", "not_tested"])),
            "method": draw(st.sampled_from([None, "IHC", "NGS"])),
        }
        return said(Kind.BIOMARKER, {key: one for key, one in value.items() if one}, **more)
    if kind == "treatment":
        name, drugs = draw(st.sampled_from([("FOLFIRINOX", FOLFIRINOX), ("gemcitabine", ["gemcitabine"]), ("chemotherapy", [])]))
        value = {"start": draw(DAYS)} if draw(st.booleans()) else {}
        return treatment(name, drugs, draw(st.sampled_from(["given", "ongoing", "planned", "declined", "considered"])), value=value, **more)
    if kind == "diagnosis":
        name, code, site = draw(
            st.sampled_from(
                [
                    ("Pancreatic ductal adenocarcinoma", "PAAD", "pancreas"),
                    ("Pancreatic neuroendocrine tumor", "PANET", "pancreas"),
                    ("Colon adenocarcinoma", "COADREAD", "colon"),
                ]
            )
        )
        return diagnosis(
            name,
            code,
            site,
            value={"status": draw(st.sampled_from(["confirmed", "suspected", "ruled_out"])), "historical": draw(st.booleans())},
            **more,
        )
    if kind == "extent":
        return said(Kind.EXTENT, {"extent": draw(st.sampled_from(["resectable", "metastatic", "resected"]))}, **more)
    if kind == "lab":
        return said(Kind.LAB, {"name": "CEA", "value": draw(st.sampled_from([1.0, 2.0])), "unit": "ng/mL"}, **more)
    return said(
        Kind.METASTASIS,
        {"site": draw(st.sampled_from(["liver", "lung"]))},
        assertion=draw(st.sampled_from([Assertion.PRESENT, Assertion.ABSENT])),
        **more,
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the profile's
@given(judged_lists(), st.randoms(use_true_random=False))
def test_the_order_of_findings_changes_nothing(judged: list[JudgedFinding], chance: random.Random) -> None:
    shuffled = list(judged)
    chance.shuffle(shuffled)
    one, other = assemble(judged, today=TODAY), assemble(shuffled, today=TODAY)
    assert one == other and encode_profile(one.profile) == encode_profile(other.profile)


@given(judged_lists(), st.data())
def test_a_rejected_finding_never_shows(judged: list[JudgedFinding], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(judged) - 1))
    gone = judged[place]
    rejected = [*judged[:place], replace(gone, reviews=(coordinator(Decision.REJECTED),)), *judged[place + 1 :]]
    made = assemble(rejected, today=TODAY)
    without = assemble([one for one in judged if one is not gone], today=TODAY)
    assert made == without and gone.id not in _shown_ids(encode_profile(made.profile))


def _shown_ids(node: object) -> set[str]:
    if isinstance(node, dict):
        own = set(node.get("finding_ids") or ())
        return own.union(*(_shown_ids(one) for one in node.values())) if node else own
    if isinstance(node, list):
        return set().union(*(_shown_ids(one) for one in node)) if node else set()
    return set()


@given(judged_lists(), st.integers(0, 4), DAYS)
def test_the_machine_never_overrides_a_persons_word(judged: list[JudgedFinding], value: int, written: str) -> None:
    word = ecog(value, id="word", written=written, reviews=(coordinator(Decision.CONFIRMED),))
    kept = said(Kind.STAGE_GROUP, {"group": "IIB"}, id="w", written=written, reviews=(coordinator(Decision.CONFIRMED),))
    made = assemble([*judged, word, kept], today=TODAY).profile
    assert made.ecog is not None and made.ecog.value == value and made.ecog.proof.is_confirmed
    assert made.stage is not None and made.stage.group == "IIB"


@given(judged_lists())
def test_every_fact_has_words_that_prove_it(judged: list[JudgedFinding]) -> None:
    made = assemble(judged, today=TODAY).profile
    facts = [
        *made.biomarkers,
        *made.treatments,
        *made.labs,
        *made.metastatic_sites,
        *(one for one in (made.primary_cancer, made.stage, made.ecog) if one),
    ]
    assert all(one.proof.evidence and one.proof.finding_ids for one in facts)
