"""What makes a Word package a danger to whoever opens it: references out of it, embedded programs, active fields."""

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HARMLESS = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME"}
FOREIGN = {f"{MAIN}{name}" for name in ("altChunk", "object", "control", "subDoc", "attachedTemplate")}
PLACES = ("word/embeddings/", "word/activex/", "customui/", "word/afchunk")
Fault = tuple[str, str]


def dangers(path: str) -> list[Fault]:
    """Kind (``macro``, ``embedded``, ``external``, ``field``) and words of each; nothing for a plain document."""
    with zipfile.ZipFile(path) as package:
        return list(dict.fromkeys(_dangers(package)))


def _dangers(package: zipfile.ZipFile) -> Iterator[Fault]:
    for name in package.namelist():
        small = name.lower()
        if small.startswith(PLACES):
            yield "embedded", name
        if small.endswith((".rels", ".xml")):
            content = package.read(name)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                yield "external", name
                continue
            yield from _of_part(ElementTree.fromstring(content))  # noqa: S314 - no declarations, bounded


def _of_part(root: ElementTree.Element) -> Iterator[Fault]:
    for node in root.iter():
        if node.get("TargetMode", "").lower() == "external":
            yield "external", node.get("Target", "")[:80]
        if "macroenabled" in node.get("ContentType", "").lower():
            yield "macro", ""
        if node.tag in FOREIGN:
            yield "embedded", node.tag.rpartition("}")[2]
    for said in _fields(root):
        code = (said.split() or [""])[0].upper()
        if code not in HARMLESS:
            yield "field", code or "?"


def _fields(root: ElementTree.Element) -> Iterator[str]:
    """Instructions of fields; those of Word are spread over runs between their marks, one in another."""
    open_ones: list[str] = []
    for node in root.iter():
        if node.tag == f"{MAIN}fldSimple":
            yield node.get(f"{MAIN}instr", "")
        elif node.tag == f"{MAIN}instrText":
            if not open_ones:
                open_ones.append("")
            open_ones[-1] += node.text or ""
        elif node.tag == f"{MAIN}fldChar" and node.get(f"{MAIN}fldCharType") == "begin":
            open_ones.append("")
        elif node.tag == f"{MAIN}fldChar" and node.get(f"{MAIN}fldCharType") == "end" and open_ones:
            yield open_ones.pop()
    yield from open_ones
