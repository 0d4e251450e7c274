"""The Word template every ledger begins with: all its facts and the history, to print with or to build upon."""

import io
import zipfile
from html import escape

from anlan.engines.output.word_fields import HISTORY, STEPS, UNIT, placeholders
from anlan.engines.registry.api import Ledger

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
SIDES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
FONT = '<w:rFonts w:ascii="SimSun" w:hAnsi="SimSun" w:eastAsia="SimSun"/>'
A4 = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1304" w:bottom="1440" w:left="1304" w:header="851" w:footer="992" w:gutter="0"/>'
    "</w:sectPr>"
)
WIDTH = 9298


def starter(ledger: Ledger) -> bytes:
    """The template as .docx."""
    first, *others = placeholders(ledger)
    facts: list[tuple[str, ...]] = [(one.title, f"{{{{ {one.name} }}}}") for one in (first, *others)]
    steps = [tuple(STEPS), *_loop()]
    body = (
        _line(f"{{{{ {first.name} }}}}", 36)
        + _line(f"{{{{ 台账 }}}}　{{{{ {UNIT} }}}}", 21)
        + _table(facts, (2600, WIDTH - 2600))
        + _line(HISTORY, 28)
        + _table(steps, (2200, 2000, 1800, WIDTH - 6000))
        + _line("打印人：{{ 打印人 }}　{{ 打印日期 }}", 18)
    )
    document = f'{HEAD}<w:document xmlns:w="{MAIN}"><w:body>{body}{A4}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr("word/document.xml", document)
    return buffer.getvalue()


def _loop() -> list[tuple[str, ...]]:
    row = tuple(f"{{{{ 步.{key} }}}}" for key in STEPS)
    return [(f"{{%tr for 步 in {HISTORY} %}}",), row, ("{%tr endfor %}",)]


def _line(text: str, half_points: int) -> str:
    look = f'<w:rPr>{FONT}<w:sz w:val="{half_points}"/></w:rPr>'
    return f'<w:p><w:r>{look}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r></w:p>'


def _table(rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(f"<w:tr>{_cells(row, widths)}</w:tr>" for row in rows)
    look = f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{SIDES}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def _cells(row: tuple[str, ...], widths: tuple[int, ...]) -> str:
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_line(text, 21)}</w:tc>'
        for text, width in zip(row, widths, strict=False)
    )
