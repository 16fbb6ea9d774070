"""Closed sets of words of the content: how soon a fact ages, how it is shown, where a passage goes, what a person may not know yet."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Volatility(StrEnum):
    """How soon a fact may stop being true. HIGH: its date is shown, and it is taken down 120 days after an editor's last check."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Sensitivity(StrEnum):
    """PROGNOSIS: how long people lived or stayed well; behind a closed, labelled control, always."""

    NONE = "none"
    TOXICITY = "toxicity"
    PROGNOSIS = "prognosis"


def strongest(found: Collection[Sensitivity]) -> Sensitivity:
    """Of facts that are told together."""
    return next((one for one in (Sensitivity.PROGNOSIS, Sensitivity.TOXICITY) if one in found), Sensitivity.NONE)


class Placement(StrEnum):
    """Where a passage goes. before, after, replace, hide and first act on `anchors`: passage ids, or section ids for first and hide.

    lead: the main point at the top. banner: about the records, above everything. prompt: a thing to find out. trials: above the list.
    """

    BODY = "body"
    LEAD = "lead"
    BANNER = "banner"
    BEFORE = "before"
    AFTER = "after"
    REPLACE = "replace"
    FIRST = "first"
    HIDE = "hide"
    PROMPT = "prompt"
    QUESTION = "question"
    TRIALS = "trials"


class RowGroup(StrEnum):
    """Groups of tailoring rows, in the order they are tried."""

    DATA_QUALITY = "data_quality"
    DIAGNOSIS = "diagnosis"
    STAGE = "stage"
    BIOMARKERS = "biomarkers"
    HLA = "hla"
    HISTORY = "history"
    FITNESS = "fitness"


class Gap(StrEnum):
    """The standard things a person may not know yet, those that unlock the most first (tailoring matrix, "What we do not know")."""

    CANCER_TYPE = "cancer_type"
    STAGE = "stage"
    TUMOR_PROFILING = "tumor_profiling"
    INHERITED_TEST = "inherited_test"
    LAST_TREATMENT = "last_treatment"
    ECOG = "ecog"
    TUMOR_STAIN = "tumor_stain"
    LABS = "labs"
    HLA = "hla"
    PLACE = "place"


class Directive(StrEnum):
    """What a passage asks of the page as a whole, beside its words."""

    DO_NOT_TAILOR = "do_not_tailor"
    TRIALS_WITHHELD = "trials_withheld"
    TRIALS_CLOSED = "trials_closed"
    TRIALS_AROUND_SURGERY_ONLY = "trials_around_surgery_only"
    TRIALS_BY_DISTANCE = "trials_by_distance"
    SEND_TO_COORDINATOR = "send_to_coordinator"
