"""The invented county on paper: outlines of its towns and points inside them."""

import json
from functools import cache
from random import Random
from typing import Any

from anlan.base.seed_files import SEEDS

Point = tuple[float, float]


@cache
def county_sketch() -> dict[str, Any]:
    """Outlines of the towns and the river as GeoJSON; invented, to be shown as 示意图."""
    sketch: dict[str, Any] = json.loads((SEEDS / "demo" / "county.geojson").read_text(encoding="utf-8"))
    return sketch


@cache
def town_rings() -> dict[str, list[Point]]:
    """Outer ring of each town by its name."""
    return {
        feature["properties"]["name"]: [tuple(point) for point in feature["geometry"]["coordinates"][0]]
        for feature in county_sketch()["features"]
        if feature["geometry"]["type"] == "Polygon"
    }


def inside(point: Point, ring: list[Point]) -> bool:
    """Whether the point lies inside the ring (ray casting)."""
    x, y = point
    found = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def point_in(town: str, rng: Random) -> Point:
    """A point inside the town as longitude and latitude."""
    ring = town_rings()[town]
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    while True:
        point = (rng.uniform(min(xs), max(xs)), rng.uniform(min(ys), max(ys)))
        if inside(point, ring):
            return round(point[0], 6), round(point[1], 6)
