"""Who answers for fire safety, with the certificates of duty; this is where they are kept (D14.3)."""

from django.db import models

from anlan.base.people import person_field
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Credential, Credentials, ledger, unique
from anlan.kernel import clock


class Duty(Credential):
    """A person with a duty of fire safety and the certificate for it."""

    DUTIES = ["消防安全责任人", "消防安全管理人", "义务消防员", "消防控制室值班员"]

    person = person_field("人员", null=False, blank=False)
    duty = models.CharField("职责", max_length=12, choices=[(duty, duty) for duty in DUTIES])

    class Meta(Credential.Meta):
        verbose_name = "消防上岗证"
        constraints = [unique("fire_duty_number_once", "number", "这个证书编号已经登记过")]


def in_force() -> models.Q:
    """Condition: valid today, of somebody who has not left."""
    valid = models.Q(valid_to=None) | models.Q(valid_to__gte=clock.today())
    return valid & models.Q(person__left_on=None)


@ledger
class Duties(Credentials):
    """Certificates of duty."""

    model = Duty
    title, noun, area, group, order = "消防安全管理上岗证", "份", "upkeep", "消防", 210
    columns = "person duty number issuer issued_on valid_to validity org"
    filters, search, key = "org duty valid_to", "person__name number", "number"
    form = "org person duty number issuer issued_on valid_to"
    watched = models.Q(person__left_on=None)
    marks = {"in_force": in_force}
    example = {
        "duty": "消防安全管理人",
        "number": "XF-1",
        "issued_on": "2026-01-05",
        "valid_to": "2029-01-04",
    }
    whose = "person"
    roles = KEPT_BY_SCHOOL
