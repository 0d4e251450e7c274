"""Devices of technical protection: where they stand, of which kind, and in which state (D02.2, SAF.53)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.vocabularies import code_field
from anlan.domains.site_security.device_limits import limits_at
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.surveys import KeyPlace
from anlan.engines.messaging.api import rungs
from anlan.engines.registry.api import Equipment, unique
from anlan.engines.workflow.api import steps_of
from anlan.kernel import clock

FAMILIES = ("video", "intrusion", "panic", "access", "intercom", "broadcast", "patrol", "network", "other")
KINDS = "tech_device_kind"
UNDER_REPAIR = ("reported", "repairing", "repaired")
PRIVATE = ("卫生间", "厕所", "更衣室", "浴室", "淋浴", "寝室", "卧室", "宿舍房间", "母婴室", "试衣间")
OUTSIDE = ("门外", "门口", "走廊", "通道", "出入口")


class Condition(models.TextChoices):
    """Whether it works; what is out of use is not faulty."""

    ONLINE = "online", "在用"
    OFFLINE = "offline", "离线"
    FAULTY = "faulty", "故障"
    WITHDRAWN = "withdrawn", "退出使用"


# What each step of the life makes of the condition.
BECOMES = {
    "report": Condition.FAULTY,
    "confirm": Condition.ONLINE,
    "stop": Condition.WITHDRAWN,
    "restart": Condition.ONLINE,
    "scrap": Condition.WITHDRAWN,
}


class Device(Equipment):
    """A camera, alarm, gate or other device; fields from ``started_at`` on tell of its present or last repair."""

    WORKING_DAYS: ClassVar[Mapping[str, int]] = {}
    ASKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "report": ("fault", ""),
        "finish": ("cause restored_at", "parts mender"),
        "confirm": ("working_test", ""),
        "redo": ("fault", ""),
    }
    AFTER_FAILURE: ClassVar[str] = "report"

    code = models.CharField("设备编号", max_length=40)
    kind: Any = code_field(KINDS, "设备类型")
    family = models.CharField(
        "设备类别",
        max_length=20,
        choices=[(code, MEASURES[code]) for code in FAMILIES],
        default="other",
        editable=False,
        db_index=True,
    )
    name = models.CharField("设备名称", max_length=60, blank=True)
    place = models.ForeignKey(
        KeyPlace, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name="所在重点部位"
    )
    spot = models.CharField("具体位置", max_length=80, blank=True)
    maker = models.CharField("生产厂家", max_length=60, blank=True)
    spec = models.CharField("规格型号", max_length=60, blank=True)
    bought_on = models.DateField("购置日期", null=True, blank=True)
    installed_on = models.DateField("安装日期", null=True, blank=True, db_index=True)
    accepted_on = models.DateField("安装验收日期", null=True, blank=True)
    warranty_to = models.DateField("质保期至", null=True, blank=True)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name="产品证书"
    )
    keeper = person_field("管理人员")
    firm = models.CharField("维保单位", max_length=80, blank=True)
    channel = models.CharField("通道编号", max_length=30, blank=True)
    resolution = models.CharField("分辨率", max_length=30, blank=True)
    zone = models.CharField("防区编号", max_length=30, blank=True)
    passage = models.CharField("控制的出入口", max_length=60, blank=True)
    partition = models.CharField("广播分区", max_length=60, blank=True)
    card = models.CharField("巡查点卡号", max_length=30, blank=True)

    condition = models.CharField(
        "运行状态",
        max_length=10,
        choices=Condition.choices,
        default=Condition.ONLINE,
        editable=False,
        db_index=True,
    )
    risk = models.CharField("伤人风险", max_length=200, blank=True, editable=False)
    started_at = models.DateTimeField("故障开始时间", null=True, blank=True, editable=False)
    cause = models.CharField("故障原因", max_length=200, blank=True)
    parts = models.CharField("更换的配件", max_length=200, blank=True)
    mender = models.CharField("维修单位、维修人", max_length=80, blank=True)
    restored_at = models.DateTimeField("恢复时间", null=True, blank=True)
    working_test = models.CharField("试运行结果", max_length=200, blank=True)

    class Meta(Equipment.Meta):
        verbose_name = "技防设备"
        constraints = [unique("site_security_device_once", "org code", "本校已有这个设备编号")]
        indexes = [models.Index(fields=["org", "family", "condition"], name="site_security_device_stock")]

    def __str__(self) -> str:
        return f"{self.code} {self.name or self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The family is that of the kind."""
        self.family = family_of(self.kind)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Restored neither before the fault began nor in time to come; a new one is of its kind's family."""
        if self._state.adding and self.kind_id:
            self.family = family_of(self.kind)
        if self.restored_at and self.started_at and self.restored_at < self.started_at:
            raise ValidationError({"restored_at": "恢复时间不能早于故障开始时间"})
        if self.restored_at and self.restored_at > clock.now():
            raise ValidationError({"restored_at": "恢复时间不能晚于现在"})

    @property
    def is_camera(self) -> bool:
        """Whether it makes pictures; what only stores them does not."""
        return self.family == "video" and not self.kind.extra.get("stores")

    @property
    def stands_at(self) -> str:
        """Where, in words."""
        return " ".join(word for word in (self.place.name if self.place else "", self.spot) if word)

    def _mended_by(self) -> int | None:
        made = steps_of(self).filter(move="finish").order_by("-pk").first()
        return made.user_id if made else None

    def hinders(self, step: str, user: Any) -> str | None:
        """Nobody confirms what they mended."""
        if step == "confirm" and self._mended_by() == user.pk:
            return "不能确认自己的维修，请其他人员确认"
        return None

    def desk(self, step: str) -> Iterable[Any]:
        """Confirming lies with those nearest to the school who did not mend."""
        if step != "confirm":
            return super().desk(step)
        mender = self._mended_by()
        levels = rungs(self.org, f"{self.flow.code}.{step}")
        others = ([person for person in level if person.pk != mender] for level in levels)
        return next((level for level in others if level), [])

    def also_writes(self, step: str) -> dict[str, Any]:
        """The clock of the repair, and whether the device works."""
        found: dict[str, Any] = {"condition": BECOMES[step]} if step in BECOMES else {}
        if step == "report":
            now = clock.now()
            blank = dict.fromkeys(("cause", "parts", "mender", "working_test"), "")
            return found | blank | {"started_at": now, "restored_at": None, "due_at": self.limit_of(now)}
        if step == "redo":
            return found | {"restored_at": None, "due_at": self.limit_of(self.started_at or clock.now())}
        return found | ({"due_at": None} if step == "finish" else {})

    def limit_of(self, start: datetime) -> datetime:
        """When a fault that began at ``start`` has to be over."""
        return start + limits_at(self.org).restore


def family_of(kind: Any) -> str:
    """The family of a kind of the vocabulary; kinds a district added belong to the others."""
    said = kind.extra.get("family", "") if kind else ""
    return said if said in FAMILIES else "other"


# Fields that only some families have.
SPECIFIC = {
    "channel": ("video",),
    "resolution": ("video",),
    "zone": ("intrusion", "panic"),
    "passage": ("access", "intercom"),
    "partition": ("broadcast",),
    "card": ("patrol",),
}


def is_private(words: str) -> bool:
    """Whether the words name a room in which nobody is filmed."""
    return any(word in words for word in PRIVATE) and not any(word in words for word in OUTSIDE)


def faults_of(record: Device | None, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a device as filled in, by field."""

    def said(name: str) -> Any:
        return values[name] if name in values else getattr(record, name, None)

    family, today = family_of(said("kind")), clock.today()
    if record is not None and record.family != family:
        yield "kind", "换了类别的设备请另行登记"
    for name, families in SPECIFIC.items():
        if said(name) and family not in families:
            yield name, f"只有{'、'.join(MEASURES[one] for one in families)}设备填这一项"
    for name in ("bought_on", "installed_on", "accepted_on"):
        if (day := said(name)) and day > today:
            yield name, "不能晚于今天"
    if said("bought_on") and said("installed_on") and said("installed_on") < said("bought_on"):
        yield "installed_on", "安装日期不能早于购置日期"
    yield from _position(family, said("org"), said("place"), said("spot") or "")
    certificate = said("certificate")
    if certificate is not None and certificate.org_id != said("org").pk:
        yield "certificate", "请选择本校登记的证书"


def _position(family: str, org: Any, place: Any, spot: str) -> Iterator[tuple[str, str]]:
    if place is None and not spot:
        yield "spot", "请选择所在重点部位，或填写具体位置"
    if place is not None and place.org_id != org.pk:
        yield "place", "请选择本校的部位"
    name = str(place.name) if place else ""
    if family == "video" and (
        is_private(spot) or (is_private(name) and not any(word in spot for word in OUTSIDE))
    ):
        yield "spot", "卫生间、寝室、更衣室等私密场所不得安装摄像机"


passes_on(Device, "keeper")
