"""Child: where words stand on a page of a PDF, as rectangles in points from the upper left."""

import pypdfium2

from anlan.engines.files.children.confining import fail, run, say
from anlan.kernel.folding import finds


def marks(path: str, page: int, *signs: int) -> None:
    """Words come as code points, divided by line breaks."""
    words = "".join(map(chr, signs)).split("\n")
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        fail("locked" if "password" in str(error).lower() else "broken")
    if not 0 <= page < len(document):
        fail("broken")
    here = document[page]
    width, height = here.get_size()
    say({"width": width, "height": height})
    text = here.get_textpage()
    for nth, (first, last) in enumerate(finds(text.get_text_range(), words)):
        for number in range(text.count_rects(first, last - first)):
            left, bottom, right, top = text.get_rect(number)
            say({"nth": nth, "rect": [left, height - top, right - left, top - bottom]})


if __name__ == "__main__":
    run(marks)
