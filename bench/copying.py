"""Rows by the million: COPY into PostgreSQL, with the indexes made afterwards."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

BLOCK = 20_000


def copy(model: type[models.Model], varying: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows of the columns named in ``varying``; all others have the model's default.

    Foreign keys are not checked: the rows come from this package.
    """
    table, names = model._meta.db_table, varying.split()
    constant = {
        field.column: _text(field.get_db_prep_save(field.get_default(), connection))
        for field in model._meta.concrete_fields
        if field.column not in names and not field.primary_key
    }
    line = "\t".join(
        ["{}"] * len(names) + [text.replace("{", "{{").replace("}", "}}") for text in constant.values()]
    )
    said, source = f"{line}\n".format, iter(rows)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        columns = ", ".join([*names, *constant])
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
            while block := list(islice(source, BLOCK)):
                stream.write("".join([said(*row) for row in block]))
        cursor.execute("SET session_replication_role = origin")
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        value = json.dumps(getattr(value, "obj", value))
    return str(value).replace("\\", "\\\\")


@contextmanager
def without_indexes(model: type[models.Model]) -> Iterator[None]:
    """Drop the indexes that hold no constraint, and make them anew at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisunique",
            [model._meta.db_table],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, statement in found:
            cursor.execute(statement)
