"""Who reads the evidence of an item: who sees the entry, and the judges of the indicator."""

from typing import Any

from anlan.engines.org.api import may
from anlan.engines.rounds.processes import Process
from anlan.engines.rounds.sheets import sheets_for


def may_read_item(process: Process, user: Any, pk: int) -> bool:
    """Whether the person may read the files of this item, now."""
    item = process.table("Item").unguarded.filter(pk=pk).first()
    if item is None:
        return False
    if may(user, process.right("entries.view")):
        entries = process.table("Entry").objects.visible(user, process.right("entries.view"))
        if entries.filter(pk=item.entry_id).exists():
            return True
    if not may(user, process.right("sheets.score")):
        return False
    mine = sheets_for(user, process).filter(entry=item.entry_id).select_related("panel")
    return any(item.leaf in sheet.panel.leaves for sheet in mine)
