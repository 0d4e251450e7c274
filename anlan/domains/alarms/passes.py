"""Passes of students, staff and visitors, by which entrances tell them apart (N1.13)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.roles import rights
from anlan.engines.registry.api import Entry, Ledger, Personal, computed, ledger, unique
from anlan.kernel import clock

KEEPING = "school_safety school_head"
ENTERING = Personal("校园出入管理", "未成年人保护法 第三十九条", "随出入登记保存")


class PersonClass(models.TextChoices):
    """Whom an entrance tells apart."""

    STUDENT = "student", "学生"
    STAFF = "staff", "教职工"
    VISITOR = "visitor", "访客"
    UNKNOWN = "unknown", "未识别"


HOLDERS = [choice for choice in PersonClass.choices if choice[0] != PersonClass.UNKNOWN]


class Pass(Entry):
    """A card, a face or a code of one person; without ``valid_to`` it holds until it is archived."""

    card = models.CharField("卡号或识别号", max_length=40)
    person_class = models.CharField("人员类别", max_length=8, choices=HOLDERS, db_index=True)
    holder = models.CharField("持有人", max_length=40)
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "通行卡"
        constraints = [unique("alarms_pass_once", "org card", "本校已登记这个卡号")]

    def clean(self) -> None:
        """A visitor's pass ends one day."""
        if self.person_class == PersonClass.VISITOR and self.valid_to is None:
            raise ValidationError({"valid_to": "访客的通行卡要写明有效期"})

    @property
    def expired(self) -> bool:
        """Past its last day."""
        return self.valid_to is not None and self.valid_to < clock.today()


@ledger
class Passes(Ledger):
    """Passes of a school."""

    code = "alarms.passes"
    model = Pass
    title, noun, icon = "通行卡", "张", "user-check"
    area, group, order = "safety", "报警与出入", 350
    columns = "card person_class holder valid_to standing org"
    filters, search, key = "org person_class valid_to", "card holder", "org card"
    form = "org card person_class holder valid_to"
    masked = {"holder": "name"}
    personal = {"holder": ENTERING}
    views = {"已过期": "expired=1"}
    marks = {"expired": lambda: Q(valid_to__lt=clock.today())}
    example = {"card": "0012345", "person_class": "student", "holder": "示例学生", "valid_to": "2030-08-31"}
    roles = rights(f"bureau_safety {KEEPING} guard", KEEPING, unmask=KEEPING)

    @computed("状态", "chip", sort="valid_to")
    def standing(self, row: Pass) -> tuple[str, str]:
        """Whether it lets in today."""
        return ("late", "已过期") if row.expired else ("done", "有效")
