"""The one list of certificates; to change one, open it where it is kept (D04.2-D04.5)."""

from dataclasses import replace
from typing import Any

from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.certificates.classes import class_leads
from anlan.domains.certificates.gathering import Certificate, gathered
from anlan.engines.files.api import attachments_of
from anlan.engines.registry.api import (
    Lead,
    Ledger,
    Personal,
    block,
    history_of,
    ledger,
    ledgers,
    own_leads,
)


@ledger
class Certificates(Ledger):
    """All certificates, by class, holder, number and validity."""

    code = "certificates.all"
    model = Certificate
    readonly = True
    title, noun, area, group, order = "证照总览", "份", "upkeep", "证照", 100
    columns = "holder kind number issuer issued_on valid_to validity org"
    filters, search, sort = "org kind ledger valid_to counts", "holder number issuer", "valid_to"
    offers = "kind"
    expires, watched = "valid_to", Q(counts=True)
    views = {"即将到期": "validity=expiring", "已过期": "validity=expired", "不再提醒": "counts=0"}
    photos = ""
    personal = {"holder": Personal("核对持证情况", "履行安全管理职责", "随证照归档")}
    example = {
        "ledger": "guards.cards",
        "kind": "保安员证",
        "holder": "王小明",
        "number": "BA-1",
        "source": "guards.cards:1",
    }
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager")),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
        "watch": "bureau_safety",
    }

    def special_leads(self) -> list[Lead]:
        """Every certificate stands as in the ledger that owns it."""
        found = class_leads("further_id")
        for code, leads in own_leads(code for code, _ in gathered()).items():
            found += [replace(lead, only=("ledger", code)) for lead in leads]
        return found

    @block("原件与历次有效期", "certificates/source.html")
    def original(self, request: Any, record: Certificate) -> dict[str, Any]:
        """Where it is kept, with its scan and earlier periods."""
        owner, key = ledgers[record.ledger], int(record.source.rpartition(":")[2])
        kept = owner.model.objects.unscoped().filter(pk=key).first()
        former = history_of(owner, kept) if kept is not None and owner.renews else None
        files = [
            {"name": one.name, "preview": one.address("preview"), "url": one.address("download")}
            for one in (attachments_of(kept) if kept is not None else ())
        ]
        periods = former["periods"] if former else []
        return {"title": owner.title, "url": owner.url_of(key), "files": files, "periods": periods}
