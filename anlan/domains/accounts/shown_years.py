"""A closed year as one person may see it: rows of other modules under those modules' own rights (S06.6)."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.accounts.closings import Closing
from anlan.domains.accounts.freezing import Frozen
from anlan.engines.files.api import Attachment
from anlan.engines.org.api import may
from anlan.engines.registry.api import ledgers, rows

HEADS = ("门类", "台账", "材料", "应有材料", "日期", "经办人", "状态", "内容摘要", "附件")


def seen_sections(user: Any, closing: Closing) -> list[Frozen]:
    """The frozen ledgers with the rows this person sees; ``hidden`` tells how many they do not."""
    known = {code: _seen(user, code, keys) for code, keys in _keys(closing).items()}
    return [_as_seen(section, known) for section in closing.frozen]


def _keys(closing: Closing) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for section in closing.frozen:
        for row in section["rows"]:
            if row["ledger"]:
                found.setdefault(row["ledger"], set()).add(row["id"])
    return found


def _seen(user: Any, code: str, keys: set[int]) -> set[int]:
    ledger = ledgers.get(code)
    if user is None or ledger is None or not may(user, ledger.permission("view")):
        return set()
    return set(rows(ledger, user).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _as_seen(section: Frozen, known: dict[str, set[int]]) -> Frozen:
    found = [row for row in section["rows"] if not row["ledger"] or row["id"] in known[row["ledger"]]]
    return section | {"rows": found, "hidden": len(section["rows"]) - len(found)}


def files_of(sections: list[Frozen]) -> dict[str, Attachment]:
    """The attachments the rows had when the year was closed, by uid; those destroyed since are not among them."""
    uids = [uid for section in sections for row in section["rows"] for uid in row["files"]]
    found: dict[str, Attachment] = {}
    for first in range(0, len(uids), 500):
        some = Attachment.objects.unscoped().filter(uid__in=uids[first : first + 500])
        found |= {str(one.uid): one for one in some.select_related("file", "org")}
    return found


def lines(sections: list[Frozen], papers: dict[str, Attachment]) -> Iterator[list[str]]:
    """Every row of every ledger under ``HEADS``."""
    for section in sections:
        for row in section["rows"]:
            names = "、".join(papers[uid].name for uid in row["files"] if uid in papers)
            said = [row[name] for name in ("title", "material", "day", "person", "state", "note")]
            yield [section["kind"], section["title"], *said, names]
