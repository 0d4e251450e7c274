"""Papers of school buses and their drivers, with their dates (SAF.54)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.school_buses.buses import Bus
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Paper(Credential):
    """A paper of a bus or its driver."""

    KINDS = ["校车标牌", "行驶证", "承运人责任保险", "校车驾驶资格"]

    bus = models.ForeignKey(Bus, models.PROTECT, related_name="papers", verbose_name="校车")
    kind = models.CharField("证件", max_length=12, choices=[(kind, kind) for kind in KINDS])

    class Meta(Credential.Meta):
        verbose_name = "校车证件"
        constraints = [unique("school_buses_paper_once", "bus kind", "这辆车的这种证件已经登记过")]


@ledger
class Papers(Credentials):
    """Papers of buses and drivers."""

    model = Paper
    title, noun, area, group, order = "校车证件", "份", "upkeep", "校车", 410
    columns = "bus kind number issuer issued_on valid_to validity org"
    filters, search, key = "org bus kind valid_to", "number bus__plate", "bus kind"
    form = "org bus kind number issuer issued_on valid_to"
    example = {"kind": "校车标牌", "number": "XC-1", "issued_on": "2026-01-05", "valid_to": "2027-01-04"}
    roles = KEPT_BY_SCHOOL
