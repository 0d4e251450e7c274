"""Key fire places with who answers for them, what is done, and what was found there (D14.6)."""

from django.db import models

from anlan.base.checklists import Subject, declare_subject
from anlan.base.handing_on import passes_on
from anlan.base.looked import Looked
from anlan.base.people import person_field
from anlan.base.roles import IN_SCHOOL, KEPT_BY_SCHOOL
from anlan.base.spot_checks import Lookable, unlooked
from anlan.engines.registry.api import Entry, ledger, unique

LOOKED_AS = declare_subject(
    Subject(
        "fire.place",
        "消防重点部位",
        1,
        "fire",
        (
            "疏散通道、安全出口畅通",
            "用火、用电、用气符合规定",
            "消防器材在位、完好",
            "人员在岗，知晓处置办法",
        ),
    )
).code
MONTHLY = declare_subject(
    Subject(
        "fire.month",
        "消防月度检查",
        31,
        "fire",
        (
            "火灾隐患整改和防范措施落实",
            "安全出口、疏散通道、疏散指示标志、应急照明完好",
            "消防车通道、消防水源畅通可用",
            "用火、用电、用气无违章，线路无私拉乱接",
            "灭火器材配置、有效，消防设施运行正常",
            "重点工种和其他人员掌握消防知识",
            "每日巡查按时进行，记录齐全",
        ),
    )
).code


class KeyPlace(Lookable, Entry):
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
class KeyPlaces(Looked):
    """Key places; one without anybody answering for it is incomplete."""

    looked_as, also_looked = LOOKED_AS, MONTHLY
    model = KeyPlace
    title, noun, area, group, order = "消防重点部位", "处", "upkeep", "消防", 240
    columns = "name kind keeper looked route org"
    filters, search, key = "org kind", "name", "org name"
    form = "org name kind keeper measures route"
    files, labels = {"plan": "平面图、疏散图"}, True
    marks = {"vacant": lambda: models.Q(keeper=None), "unlooked": unlooked}
    views = {"不完整（没有责任人）": "vacant=1", "检查超期": "unlooked=1"}
    example = {"name": "化学实验室", "kind": "实验室", "measures": "专人保管，分类存放"}
    whose = "keeper"
    roles = KEPT_BY_SCHOOL | {"view": " ".join((KEPT_BY_SCHOOL["view"], *IN_SCHOOL[3:]))}


passes_on(KeyPlace, "keeper")
