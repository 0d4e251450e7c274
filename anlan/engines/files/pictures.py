"""Pictures are drawn anew: upright, bounded, without hidden data; time and place are kept apart (X.24)."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps

from anlan.engines.files.limits import limits
from anlan.engines.files.vault import write
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
Image.MAX_IMAGE_PIXELS = None  # our own bound below answers before anything is decoded


@dataclass(frozen=True)
class Shot:
    """What a picture said about itself before it was cleaned."""

    width: int
    height: int
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def clean(source: Path, target: Path, code: str) -> Shot:
    """Redraw ``source`` into ``target``; Rejected for a broken picture or a decompression bomb."""
    drawn = io.BytesIO()
    try:
        with Image.open(source, formats=[FORMATS[code]]) as picture:
            shot = _redraw(picture, drawn, code)
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, Image.DecompressionBombError):
        raise Rejected({"file": "图片已损坏，无法打开，请重新拍摄或选择"}) from None
    # Not drawn straight into the file: Pillow reports a full disk as a fault of the picture.
    write(target, [drawn.getvalue()])
    return shot


def _redraw(picture: Image.Image, target: io.BytesIO, code: str) -> Shot:
    if picture.width * picture.height > limits().pixels:
        raise Rejected({"file": f"图片像素过大（{picture.width}×{picture.height}），请缩小后再传"})
    exif = picture.getexif()
    taken_at, place = _taken_at(exif), _place(exif)
    edge = limits().picture_edge
    picture.draft("RGB", (edge, edge))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((edge, edge))
    bare = upright.convert("RGB" if code == "jpg" or not _clear(upright) else "RGBA")
    bare.info.clear()
    options: dict[str, Any] = {"optimize": True} if code == "png" else {"quality": 88}
    bare.save(target, FORMATS[code], **options)
    return Shot(bare.width, bare.height, taken_at, *place)


def _clear(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _taken_at(exif: Image.Exif) -> datetime | None:
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.zone())
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, 90)
    longitude = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)


def _degrees(gps: Mapping[int, Any], value: int, side: int, bound: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[value])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    found = -found if str(gps.get(side, "")).strip("\0 ") in ("S", "W") else found
    return round(found, 6) if abs(found) <= bound else None
