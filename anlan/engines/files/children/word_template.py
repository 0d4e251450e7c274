"""Child: what is wrong with a Word template; an order names the file and what it may hold."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docxtpl import DocxTemplate

from anlan.engines.files.children.confining import fail, run, say
from anlan.engines.files.children.docx_parts import Fault, dangers
from anlan.engines.files.children.plain_jinja import Fields

BROKEN = (
    KeyError,
    ValueError,
    OSError,
    SyntaxError,
    AttributeError,
    zipfile.BadZipFile,
    ElementTree.ParseError,
)


def opened(order: dict[str, Any]) -> DocxTemplate:
    """The template of an order."""
    template = DocxTemplate(order["template"])
    template.render_init()
    return template


def faults_of(template: DocxTemplate, order: dict[str, Any]) -> Iterator[Fault]:
    """Faults of the language in the body, then at head and foot, which belong to no single record."""
    yield from Fields(order["names"], order["rows"]).faults(template.patch_xml(template.get_xml()))
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            source = template.patch_xml(template.get_part_xml(part))
            for kind, text in Fields(order["edge"], {}).faults(source):
                yield "edge" if kind == "unknown" else kind, text


def word_template(path: str) -> None:
    """Faults as kind and words."""
    order = json.loads(Path(path).read_text("utf-8"))
    try:
        found = dangers(order["template"])
        found = found or list(faults_of(opened(order), order))
    except BROKEN:
        fail("broken")
    say({"faults": found})


if __name__ == "__main__":
    run(word_template)
