"""Lamps with a keeper, and their repair: one of every kind of field the registry knows."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from anlan.engines.org.api import Record, declare_role
from anlan.engines.workflow.api import FlowRecord, Workflow, back, doing, done, idle, move, review

declare_role("lamp_keeper", "灯具保管员")
declare_role("lamp_master", "灯具主管")
declare_role("lamp_guest", "灯具访客")


class Kind(models.TextChoices):
    CEILING = "ceiling", "吸顶灯"
    EXIT = "exit", "安全出口灯"


class Maker(Record):
    """A manufacturer each unit keeps for itself."""

    name = models.CharField("厂家", max_length=40)

    class Meta(Record.Meta):
        verbose_name = "厂家"

    def __str__(self) -> str:
        return self.name


class Lamp(FlowRecord):
    """One lamp; ``owner`` is the person it was handed to."""

    OWNER = "owner"

    code = models.CharField("编号", max_length=20)
    place = models.CharField("位置", max_length=60)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.EXIT)
    maker = models.ForeignKey(
        Maker, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="厂家"
    )
    watts = models.PositiveSmallIntegerField("功率", default=5)
    price = models.DecimalField("价格", max_digits=8, decimal_places=2, null=True, blank=True)
    bought_on = models.DateField("购置日期", null=True, blank=True, db_index=True)
    spare = models.BooleanField("有备用", default=False)
    keeper = models.CharField("保管人姓名", max_length=20, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="领用人",
    )
    opinion = models.TextField("意见", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "灯具"
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="sample_lamp_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.place}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("sample.lamps:detail", args=[self.pk])

    def clean(self) -> None:
        """No lamp swallows a kilowatt."""
        if self.watts and self.watts >= 1000:
            raise ValidationError({"watts": "功率要小于 1000 瓦"})


class LampFlow(Workflow):
    code = "sample.lamps"
    title = "灯具"
    model = Lamp
    states = {
        "lit": idle("正常"),
        "broken": back("损坏"),
        "fixing": doing("维修中"),
        "fixed": review("待验收"),
        "scrapped": done("报废"),
    }
    initial, final = "lit", "scrapped"
    files = "after"

    report = move("报修", "lit", "broken", by="lamp_keeper", needs="opinion", duty=False)
    mend = move("开始维修", "broken", "fixing", by="lamp_master", within_days=3)
    finish = move("修好送验", "fixing", "fixed", by="lamp_master", needs="opinion after", takes="price")
    accept = move(
        "验收",
        "fixed",
        "lit",
        by="lamp_keeper",
        guard=lambda lamp, user: "领用人不能验收自己的灯" if lamp.owner_id == user.pk else None,
    )
    scrap = move("报废", "lit broken", "scrapped", by="lamp_master", needs="opinion", archives=True)
