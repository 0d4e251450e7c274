"""Food licences of canteens (D04.1, D10.3)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.canteen.canteens import Canteen
from anlan.engines.registry.api import Credential, Credentials, ledger


class Licence(Credential):
    """A canteen's licence to operate; ``shared`` confirms that several canteens work under one number."""

    canteen = models.ForeignKey(
        Canteen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="食堂"
    )
    name = models.CharField("经营者名称", max_length=60)
    items = models.CharField("经营项目", max_length=200, blank=True)
    shared = models.BooleanField("与其他食堂共用（已核实）", default=False)

    class Meta(Credential.Meta):
        verbose_name = "食堂经营许可证"

    def clean(self) -> None:
        """The canteen of another school; a number that works elsewhere and was not confirmed as shared."""
        super().clean()
        if self.archived_at is None and self.canteen and self.canteen.org_id != self.org_id:
            raise ValidationError({"canteen": "只能选本校的食堂"})
        others: Any = Licence.objects.unscoped().filter(number=self.number, archived_at=None)
        if self.archived_at is None and not self.shared and others.exclude(pk=self.pk).exists():
            raise ValidationError({"number": "这个编号已经登记过，确为共用请勾选“与其他食堂共用”"})


@ledger
class Licences(Credentials):
    """Licences of canteens; a canteen out of use is no longer reminded of."""

    model = Licence
    title, noun, area, group, order = "食堂经营许可证", "份", "canteen", "食堂档案", 20
    columns = "name canteen number issuer issued_on valid_to validity shared org"
    filters, search, key = "org canteen valid_to shared", "name number canteen__name", "org number"
    form = "org canteen name items number issuer issued_on valid_to shared"
    watched = Q(canteen=None) | Q(canteen__closed_on=None, canteen__archived_at=None)
    example = {"name": "示例小学", "number": "JY-1", "issued_on": "2026-01-01", "valid_to": "2030-12-31"}
    roles = rights(
        " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager")),
        "bureau_safety canteen_manager school_head school_safety",
        watch="bureau_safety",
    )
