"""QR codes: as SVG for pages, as a data address for paper."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

DARK = "#14232B"


def qr_svg(text: str, label: str) -> SafeString:
    """A QR code for a page, without a size or colour of its own; ``label`` is read aloud."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="al-qr",
        lineclass=None,
        title=label,
    )
    return mark_safe(buffer.getvalue().decode())  # noqa: S308 - segno escapes the title; the rest is geometry


def qr_data(text: str) -> str:
    """A QR code as a ``data:`` address of an SVG picture."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(dark=DARK))
