"""Key fire places with who answers for them and the measures taken (D14.6)."""

from django.db import models

from anlan.base.people import person_field
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Entry, Ledger, ledger, unique


class KeyPlace(Entry):
    """A place where fire is most to be feared."""

    KINDS = ["厨房", "实验室", "宿舍", "图书馆", "配电房", "危险品库", "其他"]

    name = models.CharField("部位", max_length=60)
    kind = models.CharField("类别", max_length=8, choices=[(kind, kind) for kind in KINDS])
    keeper = person_field("责任人")
    measures = models.TextField("防火措施", blank=True)
    route = models.CharField("疏散路线", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "消防重点部位"
        constraints = [unique("fire_key_place_once", "org name", "本校已有这个部位")]


@ledger
class KeyPlaces(Ledger):
    """Key places."""

    model = KeyPlace
    title, noun, area, group, order = "消防重点部位", "处", "upkeep", "消防", 240
    columns = "name kind keeper route org"
    filters, search, key = "org kind", "name", "org name"
    files = {"plan": "平面图、疏散图"}
    labels = True
    marks = {"vacant": lambda: models.Q(keeper=None)}
    views = {"没有责任人": "vacant=1"}
    example = {"name": "化学实验室", "kind": "实验室", "measures": "专人保管，分类存放"}
    roles = KEPT_BY_SCHOOL
