"""Searching the text of documents: one way for both databases, scope on every hit (D05.3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Sum, Value, When, Window
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Length, Replace, RowNumber, StrIndex
from django.http import QueryDict
from django.utils.safestring import SafeString

from anlan.engines.library.documents import OVER, Document
from anlan.engines.library.index import index
from anlan.engines.library.marking import snippet
from anlan.engines.library.passages import TITLE, Passage
from anlan.kernel.folding import words_of

VIEW = "library.documents.view"
SIZE, PLACES = 20, 3
TITLE_WEIGHT = 20


@dataclass(frozen=True)
class Place:
    """A place that was found: the passage and the words around, marked."""

    passage: Passage
    text: SafeString
    name: str


@dataclass(frozen=True)
class Hit:
    """A document with the first places in it; ``places`` is how many there are."""

    document: Document
    places: int
    first: Sequence[Place]


@dataclass
class Search:
    """What somebody asked: words, filters, order and page, seen with the person's eyes."""

    user: Any
    query: QueryDict

    @cached_property
    def words(self) -> list[str]:
        """The words, comparable."""
        return words_of(self.query.get("q", "").replace("\x00", ""))

    @cached_property
    def documents(self) -> Any:
        """Documents the person may see, narrowed by the filters."""
        rows = Document.objects.visible(self.user, VIEW).filter(archived_at=None)
        for name in ("topic", "kind"):
            keys = [int(said) for said in self.query.getlist(name) if said.isdecimal() and len(said) < 18]
            rows = rows.filter(**{f"{name}__in": keys}) if self.query.get(name) else rows
        for name in ("force", "level"):
            said = [value for value in self.query.getlist(name) if value]
            rows = rows.filter(**{f"{name}__in": said}) if said else rows
        years = [int(said) for said in self.query.getlist("year") if said.isdecimal() and len(said) == 4]
        return rows.filter(issued_on__year__in=years) if years else rows

    @cached_property
    def found(self) -> Any:
        """Passages that hold every word, in documents the person may see."""
        rows = holding(self.words)
        return rows.filter(document__in=self.documents.values("pk"))

    @cached_property
    def _counted(self) -> Any:
        """A line per document: how many places, how much in them; what is over comes after what is in force."""
        rank = Case(When(document__force__in=OVER, then=1), default=0, output_field=IntegerField())
        lines = self.found.values("document").annotate(
            places=Count("pk"), weight=Sum(weight(self.words)), over=rank
        )
        dated = F("document__issued_on").desc(nulls_last=True)
        if self.query.get("sort") == "date":
            return lines.order_by("over", dated, "-document")
        return lines.order_by("over", "-weight", dated, "-document")

    @cached_property
    def total(self) -> int:
        """How many documents."""
        return int(self.found.order_by().values("document").distinct().count())

    @cached_property
    def page(self) -> int:
        """The page asked for, within what there is."""
        said = self.query.get("page", "")
        wanted = int(said) if said.isdecimal() and len(said) < 6 else 1
        return max(1, min(wanted, -(-self.total // SIZE)))

    @cached_property
    def hits(self) -> list[Hit]:
        """The documents of the page."""
        first = (self.page - 1) * SIZE
        lines = list(self._counted[first : first + SIZE])
        keys = [line["document"] for line in lines]
        documents = self.documents.select_related("org", "topic", "kind", "successor").in_bulk(keys)
        places = self._places(keys)
        return [
            Hit(documents[key], line["places"], places[key])
            for key, line in zip(keys, lines, strict=True)
            if key in documents
        ]

    def _places(self, keys: Iterable[int]) -> dict[int, list[Place]]:
        numbered = Window(
            RowNumber(), partition_by=F("document"), order_by=[F("source").asc(), F("pk").asc()]
        )
        rows = holding(self.words).filter(document__in=list(keys)).exclude(kind=TITLE)
        found: dict[int, list[Place]] = defaultdict(list)
        for row in (
            rows.annotate(nth=numbered).filter(nth__lte=PLACES).select_related("source").order_by("nth")
        ):
            name = row.source.name if row.source else ""
            found[row.document_id].append(Place(row, snippet(row.text, self.words), name))
        return found

    @cached_property
    def silent(self) -> int:
        """How many of the documents have a file whose text could not be read."""
        rows = self.documents.filter(extracts__state__in=("empty", "failed"))
        return int(rows.distinct().count())


def holding(words: Sequence[str]) -> Any:
    """Passages that hold every word; the index narrows down, the text itself decides."""
    rows = index().narrow(Passage.objects.all(), words) if words else Passage.objects.none()
    for number, word in enumerate(words):
        rows = rows.alias(**{f"at{number}": StrIndex("plain", Value(word))}).filter(**{f"at{number}__gt": 0})
    return rows


def weight(words: Sequence[str]) -> Any:
    """How often the words stand in a passage; a title counts more."""
    times: Any = Value(0)
    for word in words:
        bare = Replace("plain", Value(word), Value(""))
        times = times + (Length("plain") - Length(bare)) / Value(len(word))
    heavier = Case(When(kind=TITLE, then=Value(TITLE_WEIGHT)), default=Value(1))
    return ExpressionWrapper(times * heavier, output_field=IntegerField())
