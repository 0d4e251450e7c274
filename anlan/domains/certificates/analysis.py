"""Certificates by class, validity and unit (D04.4)."""

from anlan.domains.certificates.registers import Certificates
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.registry.api import ledgers

ALL = ledgers[Certificates.code]
EXPIRED = Figure("已过期", ALL, "validity=expired", "份")

declare_analysis(
    Analysis(
        "certificates",
        "证照统计",
        ALL.permission("view"),
        (
            Card("各类证照", Figure("证照", ALL, "", "份"), "kind"),
            Card("各类过期证照", EXPIRED, "kind"),
            Card("各单位过期证照", EXPIRED, "org", most=10),
        ),
        (Figure("证照", ALL, "", "份"), EXPIRED, Figure("即将到期", ALL, "validity=expiring", "份")),
        area="upkeep",
        order=130,
    )
)
