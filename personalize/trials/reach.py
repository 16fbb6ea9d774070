"""How far away a trial is, and whether that is farther than the person said. Nothing here hides a trial."""

from __future__ import annotations

import math
from collections.abc import Sequence

from personalize.trials.values import Near, Place, TrialMatch

_EARTH_KM = 6371.0


def nearest(places: Sequence[Place], near: Near | None) -> tuple[float, Place] | None:
    """The nearest place that is open, with its distance in km; None where the person or every open place cannot be put on the map."""
    if near is None or near.latitude is None or near.longitude is None:
        return None
    here = (near.latitude, near.longitude)
    found = [
        (_km(here, (one.latitude, one.longitude)), one)
        for one in places
        if one.is_open and one.latitude is not None and one.longitude is not None
    ]
    return min(found, key=lambda one: (one[0], one[1].city, one[1].facility)) if found else None


def is_within_reach(match: TrialMatch, near: Near | None) -> bool:
    """False only where it is known: farther than the person travels; or, where no distance is known, in other countries alone."""
    if near is None:
        return True
    if match.distance_km is not None and near.travel_km is not None:
        return match.distance_km <= near.travel_km
    countries = {one.country for one in match.trial.places if one.country and one.is_open}
    return not near.country or not countries or near.country in countries


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two points in degrees."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(chord))
