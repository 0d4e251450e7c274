"""Distances on the earth."""

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_000


def metres_between(here: tuple[float, float], there: tuple[float, float]) -> int:
    """Distance on the sphere in whole metres; positions are latitude and longitude in degrees."""
    (lat1, lng1), (lat2, lng2) = ((radians(one) for one in place) for place in (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)))
