"""Child: pages of a PDF as pictures or as text."""

import base64
import io

import pypdfium2

from anlan.engines.files.children.confining import fail, run, say

TALLEST = 4000


def paper(path: str, first: int, last: int, width: int) -> None:
    """Pages from ``first`` up to ``last`` as JPEG of ``width`` pixels; as text where ``width`` is 0."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        fail("locked" if "password" in str(error).lower() else "broken")
    say({"pages": len(document)})
    for number in range(first, min(last, len(document))):
        page = document[number]
        say({"text": page.get_textpage().get_text_range()} if not width else {"jpeg": _drawn(page, width)})


def _drawn(page: pypdfium2.PdfPage, width: int) -> str:
    scale = min(3.0, width / max(1.0, page.get_width()), TALLEST / max(1.0, page.get_height()))
    buffer = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(buffer, "JPEG", quality=80)
    return base64.b64encode(buffer.getvalue()).decode()


if __name__ == "__main__":
    run(paper)
