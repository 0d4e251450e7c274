"""Who may open the file of an import: the person who sent it."""

from typing import Any

from anlan.engines.exchange.sessions import ImportSession
from anlan.engines.files.api import register_reader


def may_read(user: Any, object_id: int) -> bool:
    """Whether the import is the person's own."""
    return ImportSession.objects.unscoped().filter(pk=object_id, created_by=user).exists()


register_reader("exchange.importsession", may_read)
