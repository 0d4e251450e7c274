"""Marking found words: in a snippet, in plain text and in cleaned HTML (D05.3, D05.4)."""

from collections.abc import Iterator, Sequence
from html import escape

import lxml.html
from django.utils.safestring import SafeString

from anlan.kernel.folding import finds
from anlan.shell.html import written

AROUND = 45


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The words around the first place, every word in them marked."""
    spans = list(finds(text, list(words)))
    if not spans:
        return written(escape(text[: 2 * AROUND]))
    first = max(0, spans[0][0] - AROUND)
    last = min(len(text), max(spans[0][1] + AROUND, first + 2 * AROUND))
    shown = [(a - first, b - first) for a, b in spans if a >= first and b <= last]
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return written(f"{before}{''.join(_pieces(text[first:last], shown))}{after}")


def marked_text(text: str, words: Sequence[str]) -> SafeString:
    """The whole text, escaped, with marks."""
    return written("".join(_pieces(text, list(finds(text, list(words))))))


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for first, last in spans:
        yield escape(text[at:first])
        yield f"<mark>{escape(text[first:last])}</mark>"
        at = last
    yield escape(text[at:])


def marked_markup(markup: str, words: Sequence[str], here: int = -1) -> SafeString:
    """Cleaned HTML with marks, also where a word runs over bold parts; the mark ``here`` can be jumped to."""
    if not words:
        return written(markup)
    body = lxml.html.fragment_fromstring(f"<table>{markup}</table>" if markup.startswith("<tr") else markup)
    slots = list(_slots(body))
    text = "".join(said for _, _, said in slots)
    spans = list(finds(text, list(words)))
    at = 0
    for node, tail, said in slots:
        inside = [
            (max(a - at, 0), min(b - at, len(said)), number == here and a >= at)
            for number, (a, b) in enumerate(spans)
            if a < at + len(said) and b > at
        ]
        at += len(said)
        if inside:
            _wrap(node, tail, said, inside)
    shown = lxml.html.tostring(body, encoding="unicode")
    return written(
        shown.removeprefix("<table>").removesuffix("</table>") if markup.startswith("<tr") else shown
    )


def _slots(node: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, bool, str]]:
    """Where text stands, in order: a node, whether it is its tail, the text."""
    if node.text:
        yield node, False, node.text
    for part in node:
        yield from _slots(part)
        if part.tail:
            yield part, True, part.tail


def _wrap(node: lxml.html.HtmlElement, tail: bool, said: str, spans: Sequence[tuple[int, int, bool]]) -> None:
    at = spans[0][0]
    if tail:
        node.tail = said[:at]
        parent = node.getparent()
        place = parent.index(node) + 1
    else:
        node.text = said[:at]
        parent, place = node, 0
    ends = [first for first, _, _ in spans[1:]] + [len(said)]
    for number, ((first, last, here), following) in enumerate(zip(spans, ends, strict=True)):
        mark = lxml.html.Element("mark", {"id": "here"} if here else {})
        mark.text, mark.tail = said[first:last], said[last:following]
        parent.insert(place + number, mark)
