"""What holds for every connection to a database."""

from typing import Any

from django.db.backends.signals import connection_created


def read_whole_answers(connection: Any, **_: Any) -> None:
    """On SQLite read an answer to its end before its first row is worked on.

    A statement that is still open holds the view of the moment it began; once another process has written, this
    connection can no longer write and every attempt ends in "database is locked", however long it waits.
    """
    if connection.vendor == "sqlite":
        connection.features.can_use_chunked_reads = False


def watch_connections() -> None:
    """Treat every connection as said above."""
    connection_created.connect(read_whole_answers, dispatch_uid="anlan.read_whole_answers")
