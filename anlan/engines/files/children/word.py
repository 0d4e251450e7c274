"""Child: a Word document as HTML, pictures left out."""

from pathlib import Path

import mammoth

from anlan.engines.files.children.confining import fail, run, say

NO_PICTURES = mammoth.images.img_element(lambda _: {})


def word(path: str) -> None:
    """The document's body."""
    try:
        with Path(path).open("rb") as stream:
            said = mammoth.convert_to_html(stream, convert_image=NO_PICTURES)
    except (KeyError, ValueError, OSError, SyntaxError, AttributeError):
        fail("broken")
    say({"html": said.value})


if __name__ == "__main__":
    run(word)
