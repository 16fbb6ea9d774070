"""Closed lists of words that several answers use, each under one name in the schema (settings.SPECTACULAR_SETTINGS names them)."""

from __future__ import annotations

from personalize.content import Gap, Placement, RowGroup, Sensitivity, Volatility
from personalize.eligibility import Kind as RuleKind
from personalize.profile import Check, FactState
from personalize.tailor import Change, TrialsDisplay
from personalize.trials import Fit, Verdict
from portal.content.publishing import REVIEWED
from portal.models import Edition
from records.extraction.finding import Assertion, Kind
from records.states import DocumentState

CHECKS = [one.value for one in Check]
FACT_STATES = [one.value for one in FactState]
CHANGES = [one.value for one in Change]
GAPS = [one.value for one in Gap]
FITS = [one.value for one in Fit]
VERDICTS = [one.value for one in Verdict]
DISPLAYS = [one.value for one in TrialsDisplay]
RULE_KINDS = [one.value for one in RuleKind]
KINDS = [one.value for one in Kind]
ASSERTIONS = [one.value for one in Assertion]
DOCUMENT_STATES = [one.value for one in DocumentState]
PLACEMENTS = [one.value for one in Placement]
ROW_GROUPS = [one.value for one in RowGroup]
SENSITIVITIES = [one.value for one in Sensitivity]
VOLATILITIES = [one.value for one in Volatility]
CONTENT_KINDS = list(REVIEWED)
CHANGE_STATES = list(Edition.State.values)
DECISIONS = ["confirmed", "corrected", "rejected", "disputed"]
