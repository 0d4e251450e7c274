"""Certificates, licences and permits: the fields they all have, and the ledger base that knows what to do with them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.entries import Entry


class Credential(Entry):
    """Number, issuer and dates; an empty end means that it is valid without one."""

    number = models.CharField("证书编号", max_length=40)
    issuer = models.CharField("发证机关", max_length=60, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True, help_text="长期有效的不填")

    class Meta(Entry.Meta):
        abstract = True

    def clean(self) -> None:
        """No end before the beginning."""
        if self.issued_on and self.valid_to and self.valid_to < self.issued_on:
            raise ValidationError({"valid_to": "有效期不能早于发证日期"})


class Credentials(Ledger):
    """Ledgers of credentials: expiry, renewal, scan, and their place among all certificates.

    The holder is the first column of the ledger.
    """

    expires: ClassVar[str] = "valid_to"
    renews: ClassVar[str] = "number issuer issued_on valid_to"
    files = {"scan": "扫描件"}
    certificate = {"number": "number", "issuer": "issuer", "issued_on": "issued_on"}
