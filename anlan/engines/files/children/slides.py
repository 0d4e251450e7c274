"""Child: the text of a .pptx presentation, slide by slide."""

import re
import zipfile
from xml.etree import ElementTree

from anlan.engines.files.children.confining import fail, run, say

SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml$")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def slides(path: str) -> None:
    """Paragraphs of each slide, in order."""
    try:
        with zipfile.ZipFile(path) as package:
            found = sorted((int(m[1]), m[0]) for name in package.namelist() if (m := SLIDE.match(name)))
            for _, name in found:
                say({"slide": _paragraphs(package.read(name))})
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError):
        fail("broken")


def _paragraphs(content: bytes) -> list[str]:
    tree = ElementTree.fromstring(content)  # noqa: S314 - declarations were refused, memory is bounded
    lines = ("".join(run.text or "" for run in p.iter(f"{DRAWING}t")) for p in tree.iter(f"{DRAWING}p"))
    return [line for line in lines if line.strip()]


if __name__ == "__main__":
    run(slides)
