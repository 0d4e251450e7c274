"""Daily ledgers of hygiene: disinfection, additives, cold stores, pest control, waste (S09.5)."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.domains.canteen.canteens import OfCanteen
from anlan.domains.canteen.papers import Company
from anlan.domains.canteen.rules import fault_of
from anlan.domains.canteen.workers import keepers
from anlan.engines.audit.api import Written
from anlan.engines.messaging.api import declare_event, send
from anlan.kernel import clock, events

WAYS = [("heat", "热力消毒"), ("chemical", "化学消毒"), ("ultraviolet", "紫外线消毒")]
WASTES = [("kitchen", "餐厨垃圾"), ("oil", "废弃油脂"), ("other", "其他")]
declare_event(
    "canteen.temperature",
    "device",
    "冷藏冷冻温度异常：{store} {degrees}℃",
    "{canteen} {store}应为 {low} 至 {high}℃，实测 {degrees}℃。",
    channels="sms wechat",
    urgent=True,
)


def degrees(title: str, **more: Any) -> Any:
    """Degrees Celsius, to one place."""
    between = [MinValueValidator(-60), MaxValueValidator(150)]
    return models.DecimalField(title, max_digits=4, decimal_places=1, validators=between, **more)


class Entry(OfCanteen):
    """Base of a daily entry."""

    day = models.DateField("日期", default=clock.today, db_index=True)
    by = models.CharField("操作人", max_length=40)
    note = models.CharField("备注", max_length=120, blank=True)

    class Meta(OfCanteen.Meta):
        abstract = True
        ordering = ["-day", "-pk"]

    def faults(self) -> dict[str, str]:
        """Written down before it was done."""
        return {"day": "日期不能在以后"} if self.day > clock.today() else {}


class Disinfection(Entry):
    """Tableware and tools disinfected."""

    things = models.CharField("消毒物品", max_length=80)
    way = models.CharField("消毒方式", max_length=12, choices=WAYS, default="heat", db_index=True)
    strength = models.CharField("温度或浓度", max_length=40)
    minutes = models.PositiveSmallIntegerField("时长（分钟）")

    class Meta(Entry.Meta):
        verbose_name = "消毒记录"

    def __str__(self) -> str:
        return self.things

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/disinfections/{self.pk}/"


class AdditiveUse(Entry):
    """An additive used in a dish."""

    additive = models.CharField("添加剂名称", max_length=40)
    product = models.CharField("产品和批号", max_length=80, blank=True)
    dish = models.CharField("用于", max_length=40)
    grams = models.DecimalField(
        "用量（克）", max_digits=7, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta(Entry.Meta):
        verbose_name = "添加剂使用记录"

    def __str__(self) -> str:
        return self.additive

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/additives/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """Additives that are forbidden where the canteen is."""
        for name in ("additive", "product"):
            if fault := fault_of(self.org, "additive", getattr(self, name)):
                return {name: fault}
        return super().faults()


class ColdStore(OfCanteen):
    """A fridge or cold room with the range its temperature keeps to."""

    name = models.CharField("设备名称", max_length=40)
    low = degrees("最低（℃）", default=0)
    high = degrees("最高（℃）", default=8)
    retired = models.BooleanField("停用", default=False, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "冷藏冷冻设备"
        ordering = ["canteen", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["canteen", "name"],
                name="canteen_cold_store_once",
                condition=Q(archived_at=None),
                violation_error_message="已有同名设备",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/cold-stores/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """A reversed range."""
        return {"high": "最高温度要高于最低温度"} if self.high <= self.low else {}


class Chilling(Entry):
    """The temperature of a cold store; ``fine`` follows from its range."""

    store = models.ForeignKey(ColdStore, models.PROTECT, related_name="readings", verbose_name="设备")
    degrees = degrees("温度（℃）")
    fine = models.BooleanField("在范围内", default=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "冷藏温度记录"

    def __str__(self) -> str:
        return f"{self.store} {self.degrees}℃"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/chillings/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The canteen is the store's; judge the temperature."""
        if self.store_id:
            self.canteen = self.store.canteen
        super().full_clean(*args, **kwargs)
        self.fine = self.store.low <= self.degrees <= self.store.high


class PestControl(Entry):
    """Rats, flies and cockroaches kept out."""

    measures = models.CharField("防制措施", max_length=120)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="服务单位"
    )

    class Meta(Entry.Meta):
        verbose_name = "有害生物防制记录"

    def __str__(self) -> str:
        return self.measures

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/pest-controls/{self.pk}/"


class Waste(Entry):
    """Waste and waste oil handed over."""

    kind = models.CharField("类别", max_length=10, choices=WASTES, default="kitchen", db_index=True)
    kilograms = models.DecimalField(
        "重量（千克）", max_digits=8, decimal_places=1, validators=[MinValueValidator(0)]
    )
    taker = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收运单位"
    )
    driver = models.CharField("收运人", max_length=40, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "废弃物交付记录"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.kilograms} 千克"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/wastes/{self.pk}/"


DAILY: dict[str, type[Entry]] = {"disinfection": Disinfection, "temperature": Chilling, "waste": Waste}


def lacking(*names: str) -> Q:
    """Condition on daily steps: the day is over and one of these ledgers (default: any) has no entry for it."""
    condition = Q(pk__in=[])
    for name in names or DAILY:
        rows = DAILY[name].unguarded.filter(
            canteen=OuterRef("canteen"), day=OuterRef("first"), archived_at=None
        )
        condition |= Q(~Exists(rows))
    return condition & Q(level="day", due_at__lt=clock.now(), archived_at=None)


@events.on(Written)
def warn_of_temperature(event: Written) -> None:
    """Who answers for the canteen learns of a temperature outside its range at once."""
    reading = event.record
    if isinstance(reading, Chilling) and event.action == "create" and not reading.fine:
        store = reading.store
        said = {"store": store, "degrees": reading.degrees, "low": store.low, "high": store.high}
        context = {**said, "canteen": reading.canteen}
        send(
            "canteen.temperature",
            keepers(reading.canteen),
            reading,
            url=reading.get_absolute_url(),
            context=context,
        )
