"""Health certificates of those who work in the canteen, valid for a year (D04.1)."""

from django.db import models

from anlan.base.people import person_field
from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class HealthCertificate(Credential):
    """A worker's certificate."""

    person = person_field("从业人员", null=False, blank=False)

    class Meta(Credential.Meta):
        verbose_name = "健康证明"
        constraints = [unique("canteen_health_number_once", "number", "这个证明编号已经登记过")]


@ledger
class HealthCertificates(Credentials):
    """Health certificates; who has left is no longer reminded of."""

    model = HealthCertificate
    title, noun, area, group, order = "教职工健康证（食堂）", "份", "canteen", "从业人员", 105
    columns = "person number issuer issued_on valid_to validity org"
    filters, search, key = "org valid_to", "person__name number", "number"
    form = "org person number issuer issued_on valid_to"
    watched = models.Q(person__left_on=None)
    example = {"number": "JK-1", "issued_on": "2026-03-01", "valid_to": "2027-02-28"}
    roles = rights(
        " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager")),
        "canteen_manager school_safety",
        watch="bureau_safety",
    )
