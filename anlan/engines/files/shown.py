"""A file as it is shown: full, with watermark, and as a thumbnail, which is made once and kept."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from anlan.engines.files.limits import limits
from anlan.engines.files.stored import StoredFile
from anlan.engines.files.vault import aside, keep, path_of, room, write

THUMB_EDGE = 320
THUMB_BYTES = 30 * 1024
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
)


@dataclass(frozen=True)
class Shown:
    """Stored content with the name and the watermark it is shown under."""

    file: StoredFile
    name: str
    mark: str


def thumb(file: StoredFile, webp: bool) -> Path:
    """A picture of at most 320 pixels and 30 KB, in WebP or JPEG."""
    form = "webp" if webp else "jpg"
    target = path_of(file.sha256, f"thumb.{form}")
    if not target.exists():
        with aside() as path, room():
            write(path, [_small(file.path, "WEBP" if webp else "JPEG")])
            keep(path, target)
    return target


def thumbnail(file: StoredFile, edge: int) -> bytes:
    """A JPEG of at most ``edge`` pixels, for paper."""
    return _small(file.path, "JPEG", edge, THUMB_BYTES * 10)


def marked(file: StoredFile, text: str) -> bytes:
    """The picture in JPEG with ``text`` written over its lower edge."""
    with Image.open(file.path) as picture:
        canvas = picture.convert("RGB")
    height = max(14, canvas.width // 40)
    font = face(height)
    draw = ImageDraw.Draw(canvas, "RGBA")
    width = draw.textlength(text, font)
    top, left = canvas.height - height * 2, max(height // 2, int(canvas.width - width - height))
    draw.rectangle((left - height // 2, top, canvas.width, canvas.height), fill=(0, 0, 0, 120))
    draw.text((left, top + height // 3), text, font=font, fill=(255, 255, 255, 255))
    return _encoded(canvas, "JPEG", 88)


def face(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A typeface that knows Chinese, of this height in pixels."""
    for path in (limits().font, *FONTS):
        if path and Path(path).exists():
            return ImageFont.truetype(path, height)
    return ImageFont.load_default(height)


def _small(path: Path, form: str, edge: int = THUMB_EDGE, heaviest: int = THUMB_BYTES) -> bytes:
    with Image.open(path) as picture:
        picture.draft("RGB", (edge * 2, edge * 2))
        canvas = picture.convert("RGBA")
    canvas.thumbnail((edge, edge))
    paper = Image.new("RGB", canvas.size, "white")
    paper.paste(canvas, mask=canvas.getchannel("A"))
    content = b""
    for quality in (75, 55, 35, 15):
        content = _encoded(paper, form, quality)
        if len(content) <= heaviest:
            break
    return content


def _encoded(picture: Image.Image, form: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, quality=quality)
    return buffer.getvalue()
