"""Child: a Word document as HTML; its pictures redrawn small, or left out."""

import base64
import io
from pathlib import Path
from typing import Any

import mammoth
from PIL import Image

from anlan.engines.files.children.confining import fail, run, say

DRAWABLE = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp")


def _redrawn(edge: int) -> Any:
    """Pictures as JPEG of at most ``edge`` pixels inside the document; none for 0, nor for what is no picture."""

    def picture(image: Any) -> dict[str, str]:
        if not edge or image.content_type not in DRAWABLE:
            return {}
        try:
            with image.open() as stream, Image.open(io.BytesIO(stream.read())) as opened:
                drawn = opened.convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return {}
        drawn.thumbnail((edge, edge))
        kept = io.BytesIO()
        drawn.save(kept, "JPEG", quality=80)
        return {"src": f"data:image/jpeg;base64,{base64.b64encode(kept.getvalue()).decode()}"}

    return mammoth.images.img_element(picture)


def word(path: str, edge: int = 0) -> None:
    """The document's body."""
    try:
        with Path(path).open("rb") as stream:
            said = mammoth.convert_to_html(stream, convert_image=_redrawn(edge))
    except (KeyError, ValueError, OSError, SyntaxError, AttributeError):
        fail("broken")
    say({"html": said.value})


if __name__ == "__main__":
    run(word)
