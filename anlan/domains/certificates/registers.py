"""The one list of certificates; to change one, open it where it is kept (D04.2-D04.4)."""

from typing import Any

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.certificates.gathering import Certificate
from anlan.engines.registry.api import Ledger, Personal, block, ledger, ledgers


@ledger
class Certificates(Ledger):
    """All certificates, by class, holder, number and validity."""

    code = "certificates.all"
    model = Certificate
    readonly = True
    title, noun, area, group, order = "证照总览", "份", "upkeep", "证照", 100
    columns = "holder ledger number issuer issued_on valid_to validity org"
    filters, search, sort = "org ledger valid_to counts", "holder number issuer", "valid_to"
    expires = "valid_to"
    photos = ""
    personal = {"holder": Personal("核对持证情况", "履行安全管理职责", "随证照归档")}
    example = {"ledger": "guards.cards", "holder": "王小明", "number": "BA-1"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager")),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
        "watch": "bureau_safety",
    }

    @block("原始登记", "certificates/source.html")
    def original(self, request: Any, record: Certificate) -> dict[str, Any]:
        """Where it is kept, with its scan and earlier periods."""
        owner, key = ledgers[record.ledger], record.source.rpartition(":")[2]
        return {"title": owner.title, "url": f"{owner.url}{key}/"}
