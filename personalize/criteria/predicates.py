"""All predicates by name: a literal table."""

from __future__ import annotations

from collections.abc import Mapping

from personalize.criteria.disease import DISEASE_PREDICATES
from personalize.criteria.history import HISTORY_PREDICATES
from personalize.criteria.illness import ILLNESS_PREDICATES
from personalize.criteria.markers import MARKER_PREDICATES
from personalize.criteria.person import PERSON_PREDICATES
from personalize.criteria.predicate import Predicate

PREDICATES: Mapping[str, Predicate] = {
    **DISEASE_PREDICATES,
    **MARKER_PREDICATES,
    **HISTORY_PREDICATES,
    **PERSON_PREDICATES,
    **ILLNESS_PREDICATES,
}
