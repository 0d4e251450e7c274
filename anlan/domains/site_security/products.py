"""Certificates of products in use: inspected or certified, with number and validity (N1.26)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Certificate(Credential):
    """A certificate of one product; every device of that product at the school refers to it."""

    KINDS = ["强制性产品认证", "自愿性产品认证", "型式检验报告", "安全技术防范产品检测报告"]

    product = models.CharField("产品名称及型号", max_length=80)
    kind = models.CharField("证书种类", max_length=14, choices=[(kind, kind) for kind in KINDS])
    maker = models.CharField("生产厂家", max_length=60, blank=True)

    class Meta(Credential.Meta):
        verbose_name = "技防产品证书"
        constraints = [unique("site_security_certificate_once", "org number product", "这份证书已经登记过")]

    def __str__(self) -> str:
        return f"{self.product} {self.number}"


@ledger
class Certificates(Credentials):
    """Certificates of products."""

    code = "site_security.certificates"
    model = Certificate
    title, noun, icon = "技防产品证书", "份", "certificate"
    area, group, order = "safety", "技防设备", 290
    columns = "product kind number issuer issued_on valid_to validity org"
    filters, search, key = "org kind valid_to", "product number maker", "org number product"
    form = "org product kind maker number issuer issued_on valid_to"
    example = {
        "product": "枪型摄像机",
        "kind": "强制性产品认证",
        "number": "CCC-1",
        "issued_on": "2026-01-05",
        "valid_to": "2030-01-04",
    }
    roles = KEPT_BY_SCHOOL
