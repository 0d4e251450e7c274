"""The index of passages: single signs and pairs of signs as tokens, in the database that is there (D05.3).

Tokens only narrow down: a search compares the text itself afterwards, so it finds exactly what stands there.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Protocol

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


def tokens_of(plain: str) -> set[str]:
    """Every sign and every pair of neighbours, as words without signs of any query language."""
    codes = [f"x{ord(sign):x}" for sign in plain]
    pairs = {first + second for first, second in pairwise(codes)}
    return pairs | {code for sign, code in zip(plain, codes, strict=True) if sign != " "}


def asked_of(words: Iterable[str]) -> list[str]:
    """The tokens every passage holding all the words has."""
    found: set[str] = set()
    for word in words:
        every = tokens_of(word)
        found |= {token for token in every if token.count("x") > 1} or every
    return sorted(found)


class Index(Protocol):
    """What a database does for the search."""

    def put(self, passages: Sequence[Any]) -> None:
        """Index stored passages; those deleted leave the index by themselves."""

    def narrow(self, rows: Any, words: Sequence[str]) -> Any:
        """Of all passages those that may hold every word."""


class SqliteIndex:
    """A full-text table of SQLite (FTS5); a trigger of the migration keeps it in step with deletions."""

    def put(self, passages: Sequence[Any]) -> None:
        """Index stored passages."""
        rows = [(row.pk, " ".join(sorted(tokens_of(row.plain)))) for row in passages]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO library_index (rowid, tokens) VALUES (%s, %s)", rows)

    def narrow(self, rows: Any, words: Sequence[str]) -> Any:
        """Of all passages those that may hold every word."""
        asked = " AND ".join(asked_of(words))
        held = "SELECT rowid FROM library_index WHERE library_index MATCH %s"
        return rows.filter(pk__in=RawSQL(held, [asked]))  # noqa: S611 - tokens are bound


class PostgresIndex:
    """A column of lexemes with a GIN index."""

    def put(self, passages: Sequence[Any]) -> None:
        """Index stored passages."""
        rows = [(sorted(tokens_of(row.plain)), row.pk) for row in passages]
        with connection.cursor() as cursor:
            cursor.executemany(PUT, rows)

    def narrow(self, rows: Any, words: Sequence[str]) -> Any:
        """Of all passages those that may hold every word."""
        asked = " & ".join(asked_of(words))
        held = '"library_passage"."tokens" @@ %s::tsquery'
        return rows.filter(RawSQL(held, [asked], BooleanField()))  # noqa: S611 - tokens are bound


PUT = "UPDATE library_passage SET tokens = array_to_tsvector(%s::text[]) WHERE id = %s"


def index() -> Index:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()
