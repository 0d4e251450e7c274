"""After a test that committed, the database is as it was when it was new.

Django empties every table and runs all handlers of ``post_migrate`` again, a second for each such test with some 350
tables. Here only tables that hold rows are emptied, and what a new database holds is put back from copies beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

COPY = "pristine_"
LAST = "audit_permit"  # its row lets the entries of the trail go


class Pristine:
    """What the tables hold now, to be restored as often as wanted."""

    def __init__(self) -> None:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self.tables = sorted(names, key=lambda name: name == LAST)
        with connection.cursor() as cursor:
            self.filled = self._filled(cursor)
            for name in self.filled:
                cursor.execute(f"DROP TABLE IF EXISTS {_quoted(COPY + name)}")
                cursor.execute(f"CREATE TABLE {_quoted(COPY + name)} AS SELECT * FROM {_quoted(name)}")

    def restore(self) -> None:
        """Rows written since then go, those that were there come back."""
        with _unchecked(), transaction.atomic(), connection.cursor() as cursor:
            for name in self._filled(cursor):
                cursor.execute(f"DELETE FROM {_quoted(name)}")
            for name in self.filled:
                cursor.execute(f"INSERT INTO {_quoted(name)} SELECT * FROM {_quoted(COPY + name)}")

    def _filled(self, cursor: Any) -> list[str]:
        questions = [
            f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {_quoted(t)})" for n, t in enumerate(self.tables)
        ]
        found: list[str] = []
        for first in range(0, len(questions), 200):  # SQLite joins no more than 500
            cursor.execute(" UNION ALL ".join(questions[first : first + 200]))
            found += [self.tables[number] for (number,) in cursor.fetchall()]
        return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def _unchecked() -> Iterator[None]:
    """No constraint and no trigger speaks up; on SQLite the triggers of the trail do, see LAST."""
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
