"""The reader: a document page by page, opened at the place that was found, stepping from place to place (D05.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.http import QueryDict
from django.utils.safestring import SafeString

from anlan.engines.files.api import Attachment, attachments_of, confined
from anlan.engines.library.documents import SEARCHED, Document
from anlan.engines.library.marking import marked_markup, marked_text
from anlan.engines.library.passages import ROW, TITLE, Passage
from anlan.engines.library.searching import holding
from anlan.kernel.errors import Rejected
from anlan.kernel.folding import finds, words_of
from anlan.shell.html import written

MOST, WINDOW = 500, 150


@dataclass(frozen=True)
class Spot:
    """One occurrence: its passage, and which of the occurrences in that passage it is."""

    passage: Passage
    nth: int


@dataclass(frozen=True)
class Part:
    """The own text (no ``file``) or a file of the document."""

    title: str
    file: Attachment | None

    @property
    def key(self) -> int:
        """How addresses name it."""
        return self.file.pk if self.file else 0


@dataclass
class Reader:
    """What a query string of the reader asks for: ``part``, ``at``, ``q``, ``n`` and the version looked at, ``v``."""

    document: Document
    query: QueryDict

    def _number(self, name: str, otherwise: int = 0) -> int:
        said = self.query.get(name, "")
        return int(said) if said.isdecimal() and len(said) < 12 else otherwise

    @cached_property
    def words(self) -> list[str]:
        """What is marked."""
        return words_of(self.query.get("q", "").replace("\x00", ""))

    @cached_property
    def parts(self) -> list[Part]:
        """The own text where there is one, then the files."""
        files = [item for item in attachments_of(self.document) if item.slot in SEARCHED]
        own = [Part("正文", None)] if self.document.body or not files else []
        return own + [Part(item.name, item) for item in files]

    @cached_property
    def spots(self) -> list[Spot]:
        """Every occurrence in the document, in order."""
        if not self.words:
            return []
        rows = holding(self.words).filter(document=self.document).exclude(kind=TITLE)
        known = {part.key: place for place, part in enumerate(self.parts)}
        found = [row for row in rows.order_by("pk")[:MOST] if (row.source_id or 0) in known]
        found.sort(key=lambda row: known[row.source_id or 0])
        return [Spot(row, nth) for row in found for nth in range(len(list(finds(row.text, self.words))))]

    @cached_property
    def turn(self) -> int:
        """Which of the occurrences is shown, counted from 0; -1 without any."""
        if not self.spots:
            return -1
        if "n" in self.query:
            return max(0, min(self._number("n", 1) - 1, len(self.spots) - 1))
        place = (self._number("part"), self._number("at", 1))
        later = [
            turn
            for turn, spot in enumerate(self.spots)
            if (spot.passage.source_id or 0) == place[0] and spot.passage.number >= place[1]
        ]
        return later[0] if later else 0

    @property
    def spot(self) -> Spot | None:
        """The occurrence that is shown."""
        return self.spots[self.turn] if self.turn >= 0 else None

    @cached_property
    def part(self) -> Part:
        """The part that is shown."""
        wanted = (self.spot.passage.source_id or 0) if self.spot else self._number("part", -1)
        return next((part for part in self.parts if part.key == wanted), self.parts[0])

    @cached_property
    def at(self) -> int:
        """The number of the passage that is shown; of a paper, of its page."""
        wanted = self.spot.passage.number if self.spot else self._number("at", 1)
        return max(1, min(wanted, self.last))

    @cached_property
    def last(self) -> int:
        """The greatest number there is in this part."""
        rows = self._passages.aggregate(last=Max("number"))
        return int(rows["last"] or self.sheets or 1)

    @cached_property
    def moved(self) -> bool:
        """Whether the document was changed since the address was made."""
        return "v" in self.query and self._number("v") != self.document.version

    @property
    def _passages(self) -> Any:
        rows = Passage.objects.filter(document=self.document, source=self.part.file)
        return rows.exclude(kind=TITLE)

    @property
    def is_paper(self) -> bool:
        """Shown as pictures of pages."""
        return self.part.file is not None and self.part.file.file.kind == "pdf"

    @cached_property
    def sheets(self) -> int:
        """Pages of a paper; 0 for what has none or cannot be opened."""
        if not self.is_paper or self.part.file is None:
            return 0
        try:
            return int(next(confined("paper", self.part.file.file.path, 0, 0, 0))["pages"])
        except Rejected:
            return 0

    @cached_property
    def passages(self) -> list[Passage]:
        """What is shown: the page of a paper, or the window of passages around the place."""
        if self.is_paper:
            return list(self._passages.filter(number=self.at).order_by("pk"))
        first = (self.at - 1) // WINDOW * WINDOW
        return list(self._passages.filter(number__gt=first, number__lte=first + WINDOW).order_by("pk"))

    def blocks(self) -> list[SafeString]:
        """The shown passages with marks; rows of a sheet stand in a table under its name."""
        found = []
        for (is_row, group), rows in groupby(self.passages, key=lambda row: (row.kind == ROW, row.group)):
            inside = written("".join(self._block(row) for row in rows))
            found.append(written(TABLE.format(marked_text(group, ()), inside)) if is_row else inside)
        return found

    def _block(self, row: Passage) -> str:
        spot = self.spot
        here = spot is not None and row.pk == spot.passage.pk
        said = marked_markup(
            row.markup or f"<p>{marked_text(row.text, ())}</p>", self.words, spot.nth if here and spot else -1
        )
        name = f"p{row.number}"
        if row.kind == ROW:
            return said.replace("<tr", f'<tr id="{name}"', 1)
        linked = " is-here" if here or (spot is None and "at" in self.query and row.number == self.at) else ""
        anchor = ' id="here"' if linked and spot is None else f' id="{name}"'
        return f'<div class="al-passage{linked}"{anchor}>{said}</div>'

    def texts(self) -> list[SafeString]:
        """The text of the shown page of a paper, marked."""
        return [marked_text(row.text, self.words) for row in self.passages] if self.is_paper else []

    def marks(self) -> dict[str, Any] | None:
        """Rectangles of the words on the page of a paper; None without any."""
        if not self.is_paper or not self.words or self.part.file is None or not self.passages:
            return None
        signs = [ord(sign) for sign in "\n".join(self.words)]
        try:
            head, *found = list(confined("marks", self.part.file.file.path, self.at - 1, *signs))
        except Rejected:
            return None
        turn = self._nth_on_page()
        boxes = [(*(round(size, 1) for size in said["rect"]), said["nth"] == turn) for said in found]
        return {"width": head["width"], "height": head["height"], "boxes": boxes} if boxes else None

    def _nth_on_page(self) -> int:
        spot, number = self.spot, 0
        for row in self.passages:
            if spot and row.pk == spot.passage.pk:
                return number + spot.nth
            number += len(list(finds(row.text, self.words)))
        return -1

    def address(self, **said: Any) -> str:
        """The reader at another place, with the same words."""
        kept = QueryDict(mutable=True)
        for name in ("q", "for"):
            if self.query.get(name):
                kept[name] = self.query.get(name, "")
        kept.update({name: str(value) for name, value in said.items()})
        return f"/library/documents/{self.document.pk}/read?{kept.urlencode()}#here"

    def steps(self) -> tuple[str, str]:
        """Addresses of the occurrence before and after; empty at the ends."""
        before = self.address(n=self.turn) if self.turn > 0 else ""
        after = self.address(n=self.turn + 2) if 0 <= self.turn < len(self.spots) - 1 else ""
        return before, after

    def leaves(self) -> tuple[str, str]:
        """Addresses of the page or window before and after, without the words' place."""
        size = 1 if self.is_paper else WINDOW
        first = self.at if self.is_paper else (self.at - 1) // WINDOW * WINDOW + 1
        before = self._leaf(first - size) if first > 1 else ""
        after = self._leaf(first + size) if first + size <= max(self.last, self.sheets) else ""
        return before, after

    def _leaf(self, at: int) -> str:
        return f"/library/documents/{self.document.pk}/read?part={self.part.key}&at={at}"


TABLE = '<h2 class="h3">{}</h2><div class="al-table"><div class="al-table__scroll" tabindex="0" role="region" aria-label="表格"><table><tbody>{}</tbody></table></div></div>'  # noqa: E501


def tabs(reader: Reader) -> Sequence[tuple[str, str, bool]]:
    """Title, address, whether it is shown: the parts of the document."""
    return [
        (
            part.title,
            f"/library/documents/{reader.document.pk}/read?part={part.key}",
            part.key == reader.part.key,
        )
        for part in reader.parts
    ]
