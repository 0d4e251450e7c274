"""Food licences of canteens (D04.1)."""

from django.db import models

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Licence(Credential):
    """A canteen's licence to operate."""

    name = models.CharField("食堂名称", max_length=60)

    class Meta(Credential.Meta):
        verbose_name = "食堂经营许可证"
        constraints = [unique("canteen_licence_number_once", "number", "这个许可证编号已经登记过")]


@ledger
class Licences(Credentials):
    """Licences of canteens."""

    model = Licence
    title, noun, area, group, order = "食堂经营许可证", "份", "upkeep", "食堂", 510
    columns = "name number issuer issued_on valid_to validity org"
    filters, search, key = "org valid_to", "name number", "number"
    form = "org name number issuer issued_on valid_to"
    example = {"name": "学生食堂", "number": "JY-1", "issued_on": "2026-01-01", "valid_to": "2030-12-31"}
    roles = rights(
        " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager")),
        "canteen_manager school_safety",
        watch="bureau_safety",
    )
