"""Firms that maintain special equipment, with their qualification (D16.3)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Firm(Credential):
    """A maintenance firm with its qualification."""

    name = models.CharField("维保单位", max_length=80)

    class Meta(Credential.Meta):
        verbose_name = "特种设备维保单位"
        constraints = [unique("special_firm_once", "org name", "本校已登记这家单位")]


@ledger
class Firms(Credentials):
    """Maintenance firms."""

    model = Firm
    title, noun, area, group, order = "特种设备维保单位", "家", "upkeep", "特种设备", 315
    columns = "name number issuer issued_on valid_to validity org"
    filters, search, key = "org valid_to", "name number", "org name"
    form = "org name number issuer issued_on valid_to"
    example = {"name": "顺达电梯", "number": "TS3335-1", "issued_on": "2026-01-05", "valid_to": "2030-01-04"}
    roles = KEPT_BY_SCHOOL
