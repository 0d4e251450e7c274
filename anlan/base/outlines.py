"""Outlines of a unit's districts for maps, as GeoJSON with its source; loaded, never drawn from a service."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models

from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

BIGGEST = 4 * 1024 * 1024
SHAPES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")


class Outline(models.Model):
    """The map of one unit: ``shape`` is a FeatureCollection whose areas carry a ``name``."""

    unit = models.OneToOneField(OrgUnit, models.CASCADE, related_name="outline")
    shape = models.JSONField()
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "区域轮廓"


def keep_outline(unit: OrgUnit, shape: Any, source: str) -> Outline:
    """Store or replace the map of a unit; Rejected for what is no map in degrees."""
    if faults := list(_faults(shape)):
        raise Rejected({"file": faults})
    kept = {"shape": shape, "source": source[:120], "loaded_at": clock.now()}
    outline, _ = Outline.objects.update_or_create(unit=unit, defaults=kept)
    return outline


def read_outline(path: Path) -> Any:
    """The content of a GeoJSON file; Rejected for one too large or no JSON."""
    if path.stat().st_size > BIGGEST:
        raise Rejected({"file": f"文件超过 {BIGGEST // 1024 // 1024} MB，请先简化轮廓"})
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise Rejected({"file": "不是 GeoJSON 文件"}) from None


def _faults(shape: Any) -> Iterator[str]:
    features = shape.get("features") if isinstance(shape, dict) else None
    if not isinstance(features, list) or shape.get("type") != "FeatureCollection" or not features:
        yield "应是 FeatureCollection"
        return
    for place, feature in enumerate(features, 1):
        geometry = feature.get("geometry") or {}
        if geometry.get("type") not in SHAPES:
            yield f"第 {place} 个图形不是面或线"
        elif not (feature.get("properties") or {}).get("name"):
            yield f"第 {place} 个图形没有名称（properties.name）"
        elif not all(_in_degrees(point) for point in _points(geometry["coordinates"])):
            yield f"第 {place} 个图形的坐标不是经纬度"


def _points(nested: Any) -> Iterator[Any]:
    if nested and isinstance(nested[0], int | float):
        yield nested
        return
    for part in nested:
        yield from _points(part)


def _in_degrees(point: Any) -> bool:
    return len(point) >= 2 and abs(point[0]) <= 180 and abs(point[1]) <= 90
