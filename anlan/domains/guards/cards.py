"""Certificates of guards; the regulation gives them no end, so the date may stay empty (D04.1, D15.2)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.guards.people import Guard
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Card(Credential):
    """A guard's certificate."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="cards", verbose_name="保安员")

    class Meta(Credential.Meta):
        verbose_name = "保安员证"
        constraints = [unique("guards_card_number_once", "number", "这个证书编号已经登记过")]


@ledger
class Cards(Credentials):
    """Certificates of guards; who has left is no longer reminded of."""

    model = Card
    title, noun, area, group, order = "保安员证", "份", "upkeep", "保安", 600
    columns = "guard number issuer issued_on valid_to validity org"
    filters, search, key = "org valid_to", "guard__name number", "number"
    form = "org guard number issuer issued_on valid_to"
    watched = models.Q(guard__left_on=None)
    example = {"number": "BA-1", "issued_on": "2024-01-05", "valid_to": "2029-01-04"}
    whose = "guard__person"
    roles = KEPT_BY_SCHOOL
