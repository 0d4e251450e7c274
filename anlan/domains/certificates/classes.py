"""Classes of certificates that no module owns; an administrator adds further ones (D04.1)."""

from django.db import models

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.engines.registry.api import Entry, Ledger, ledger, unique


class CertificateClass(Entry):
    """A class of certificates, for a unit and those below it."""

    INHERITED = True

    name = models.CharField("类别名称", max_length=40)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "证照类别"
        constraints = [unique("certificates_class_once", "org name", "已有这个类别")]


@ledger
class CertificateClasses(Ledger):
    """Classes of certificates."""

    model = CertificateClass
    title, noun, area, group, order = "证照类别", "种", "upkeep", "证照", 120
    columns = "name note org"
    filters, search, key = "org", "name", "org name"
    example = {"name": "高压电工证"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        **dict.fromkeys(("add", "edit", "archive", "import", "export"), "bureau_safety"),
    }
