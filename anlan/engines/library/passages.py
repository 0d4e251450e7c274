"""Passages: the text of a document in pieces one can point to - page, paragraph, row, slide (D05.3)."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import lxml.html
from django.db import models

from anlan.engines.files.api import Attachment
from anlan.engines.library.documents import Document
from anlan.engines.library.index import index
from anlan.kernel.folding import folded

LONGEST = 20_000
TITLE, PAGE, PARAGRAPH, ROW, SLIDE = "title", "page", "paragraph", "row", "slide"
END = re.compile(r"(?<=[。；！？\n])")
BETWEEN = " | "
ENDS = {"td", "th", "li", "p", "h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Piece:
    """A piece before it is stored; ``markup`` is cleaned HTML where the piece has a form."""

    kind: str
    number: int
    text: str
    markup: str = ""
    group: str = ""


class Passage(models.Model):
    """A piece of the document's own text (no ``source``) or of one of its files.

    On PostgreSQL the table has one more column, ``tokens``; on SQLite the tokens stand in ``library_index``.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
    source = models.ForeignKey(Attachment, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    group = models.CharField(max_length=100, blank=True)
    markup = models.TextField(blank=True)
    text = models.TextField()
    plain = models.TextField()

    class Meta:
        ordering = ["source_id", "pk"]
        indexes = [models.Index(fields=["document", "source", "number"], name="library_passage_place")]

    def __str__(self) -> str:
        return self.where

    @property
    def where(self) -> str:
        """第 7 页."""
        if self.kind == ROW:
            return f"工作表“{self.group}”第 {self.number} 行"
        words = {TITLE: "标题", PAGE: f"第 {self.number} 页", SLIDE: f"第 {self.number} 张幻灯片"}
        return words.get(self.kind, f"第 {self.number} 段")


def store(document: Document, source: Attachment | None, pieces: Iterable[Piece], *, kinds: str) -> int:
    """Put these in place of what was stored of this source (of the own text: of these kinds)."""
    former = Passage.objects.filter(document=document, source=source)
    if source is None:
        former = former.filter(kind__in=kinds.split())
    former.delete()
    return add(document, source, pieces)


def add(document: Document, source: Attachment | None, pieces: Iterable[Piece]) -> int:
    """Store pieces and index them; how many."""
    return _put([row for piece in pieces for row in _rows(document, source, piece)])


def store_all(written: Iterable[tuple[Document, Iterable[Piece]]]) -> int:
    """Store and index the own text of many documents that have none yet; how many pieces."""
    return _put(
        [row for document, pieces in written for piece in pieces for row in _rows(document, None, piece)]
    )


def _put(rows: list[Passage]) -> int:
    index().put(Passage.objects.bulk_create(rows, batch_size=200))
    return len(rows)


def _rows(document: Document, source: Attachment | None, piece: Piece) -> Iterator[Passage]:
    text = piece.text.replace("\x00", "").strip()
    if not text:
        return
    parts = list(portions(text))
    for part in parts:
        yield Passage(
            document=document,
            source=source,
            kind=piece.kind,
            number=piece.number,
            group=piece.group[:100],
            markup=piece.markup.replace("\x00", "") if len(parts) == 1 else paragraph(part),
            text=part,
            plain=folded(part)[0],
        )


def portions(text: str) -> Iterator[str]:
    """A text in pieces the index takes, divided after sentences where there are any."""
    here = ""
    for sentence in END.split(text) if len(text) > LONGEST else [text]:
        if here and len(here) + len(sentence) > LONGEST:
            yield here
            here = ""
        here += sentence
        while len(here) > LONGEST:
            yield here[:LONGEST]
            here = here[LONGEST:]
    if here:
        yield here


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{html.escape(text)}</p>"


def pieces_of_markup(markup: str) -> Iterator[Piece]:
    """Paragraphs, headings, lists and tables of cleaned HTML, counted from 1."""
    for number, (part, text) in enumerate(_blocks(markup), 1):
        yield Piece(PARAGRAPH, number, text, part)


def _blocks(markup: str) -> Iterator[tuple[str, str]]:
    for node in lxml.html.fragments_fromstring(markup) if markup.strip() else []:
        yield from _block(node)


def _block(node: lxml.html.HtmlElement | str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        if node.strip():
            yield paragraph(node), node
        return
    tail, node.tail = node.tail, None
    if node.tag == "div" and len(node):
        yield from _block(node.text or "")
        for part in list(node):
            yield from _block(part)
    else:
        text = _text(node)
        if text.strip():
            yield lxml.html.tostring(node, encoding="unicode"), text
    yield from _block(tail or "")


def _text(node: lxml.html.HtmlElement) -> str:
    """What is read; cells, items and paragraphs do not run into each other."""
    return "".join(_said(node)).strip(f"{BETWEEN} ")


def _said(node: lxml.html.HtmlElement) -> Iterator[str]:
    yield node.text or ""
    for part in node:
        yield from _said(part)
        if part.tag in ENDS:
            yield BETWEEN
        yield part.tail or ""
