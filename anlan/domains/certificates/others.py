"""Certificates of the classes that no module owns (D04.1)."""

from typing import ClassVar

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.certificates.classes import CertificateClass, class_leads
from anlan.engines.registry.api import Credential, Credentials, Lead, Personal, ledger, unique


class OtherCertificate(Credential):
    """A certificate of a person or unit."""

    kind = models.ForeignKey(CertificateClass, models.PROTECT, related_name="+", verbose_name="类别")
    holder = models.CharField("持有人或单位", max_length=60)

    class Meta(Credential.Meta):
        verbose_name = "其他证照"
        constraints = [unique("certificates_other_once", "kind number", "这个类别已有这个编号")]


@ledger
class OtherCertificates(Credentials):
    """Certificates of further classes."""

    model = OtherCertificate
    title, noun, area, group, order = "其他证照", "份", "upkeep", "证照", 110
    columns = "holder kind number issuer issued_on valid_to validity org"
    filters, search, key = "org kind valid_to", "holder number", "kind number"
    form = "org kind holder number issuer issued_on valid_to"
    personal = {"holder": Personal("核对持证情况", "履行安全管理职责", "随证照归档")}
    example = {"holder": "王小明", "number": "DG-1", "issued_on": "2026-01-05", "valid_to": "2029-01-04"}
    certificate: ClassVar[dict[str, str]] = Credentials.certificate | {"kind": "kind"}
    roles = KEPT_BY_SCHOOL

    def special_leads(self) -> list[Lead]:
        """A class may say its own."""
        return class_leads("kind_id")
