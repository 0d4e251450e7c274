"""Child: a Word template filled in for records, each beginning a page, as one document."""

import base64
import io
import json
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from anlan.engines.files.children.confining import fail, run, say
from anlan.engines.files.children.docx_parts import MAIN
from anlan.engines.files.children.plain_jinja import PlainJinja
from anlan.engines.files.children.word_template import BROKEN, faults_of, opened

BEFORE = {f"{MAIN}{name}" for name in ("pStyle", "keepNext", "keepLines")}


def word_filled(path: str) -> None:
    """The document in base64; nothing is filled in that the check of templates would refuse."""
    order = json.loads(Path(path).read_text("utf-8"))
    try:
        template = opened(order)
        if any(faults_of(template, order)):
            fail("template")
        content = _filled(template, order)
    except (*BROKEN, TemplateError, etree.XMLSyntaxError):
        fail("broken")
    say({"docx": base64.b64encode(content).decode()})


def _filled(template: DocxTemplate, order: dict[str, Any]) -> bytes:
    language = PlainJinja()
    page = language.from_string(template.patch_xml(template.get_xml()))
    first, *others = (
        template.fix_tables(template.resolve_listing(page.render(said))) for said in order["records"]
    )
    for body in others:
        _add(first, body)
    template.fix_docpr_ids(first)
    template.map_tree(first)
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for key, xml in list(template.build_headers_footers_xml(order["common"], uri, language)):
            template.map_headers_footers_xml(key, xml)
    template.is_rendered, buffer = True, io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def _add(whole: Any, body: Any) -> None:
    """Append a body, on a new page, before the layout of the last section."""
    content = [node for node in body if node.tag != f"{MAIN}sectPr"]
    if not content or content[0].tag != f"{MAIN}p":
        content.insert(0, etree.Element(f"{MAIN}p"))
    _break_before(content[0])
    end = len(whole) - (len(whole) > 0 and whole[-1].tag == f"{MAIN}sectPr")
    whole[end:end] = content


def _break_before(paragraph: Any) -> None:
    look = paragraph.find(f"{MAIN}pPr")
    if look is None:
        look = etree.Element(f"{MAIN}pPr")
        paragraph.insert(0, look)
    place = sum(node.tag in BEFORE for node in look)
    look.insert(place, etree.Element(f"{MAIN}pageBreakBefore"))


if __name__ == "__main__":
    run(word_filled)
