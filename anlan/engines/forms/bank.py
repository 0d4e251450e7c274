"""The item bank: categories in up to three levels and the items in them (D01.1, X.16, SAF.09, SAF.10).

Both are laid down for everybody below the unit that keeps them. ``retired_at`` takes a row out of use
and keeps it in sight; ``archived_at`` (deletion) is only reached by rows no answer ever referred to.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.forms.definition import ASKED, LEVELS
from anlan.engines.org.api import Record
from anlan.kernel import ids

LIVE = Q(archived_at=None, retired_at=None)
DEPTH = 3


def new_code() -> str:
    """A code for rows nobody named."""
    return ids.new_uid().hex


def tidy(text: str) -> str:
    """One line, single spaces: so that the same wording is the same text."""
    return " ".join(text.split())


class ItemCategory(Record):
    """Major class, middle class or item class; ``code`` is what other modules refer to."""

    INHERITED = True

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级类别"
    )
    title = models.CharField("名称", max_length=60)
    code = models.SlugField("代码", max_length=40, default=new_code)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查类别"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code"], name="forms_category_code_once", condition=Q(archived_at=None)
            ),
            models.UniqueConstraint(
                fields=["org", "title"],
                name="forms_major_class_once",
                condition=LIVE & Q(parent=None),
                violation_error_message="已有同名类别",
            ),
            models.UniqueConstraint(
                fields=["org", "parent", "title"],
                name="forms_category_once",
                condition=LIVE,
                violation_error_message="已有同名类别",
            ),
        ]

    def __str__(self) -> str:
        return " / ".join(category.title for category in self.line())

    def line(self) -> list["ItemCategory"]:
        """From the major class down to this one."""
        return [*(self.parent.line() if self.parent else ()), self]

    def clean(self) -> None:
        """One-line title; at most three levels."""
        self.title = tidy(self.title)
        if self.parent is not None and len(self.parent.line()) >= DEPTH:
            raise ValidationError({"parent": f"类别最多 {DEPTH} 级"})


class Item(Record):
    """One thing to check: wording, standard, what fails, and what an answer must bring along."""

    INHERITED = True

    category = models.ForeignKey(ItemCategory, models.PROTECT, related_name="items", verbose_name="类别")
    wording = models.CharField("检查内容", max_length=500)
    answer_type = models.CharField("答案类型", max_length=10, choices=list(ASKED.items()), default="verdict")
    standard = models.TextField("检查标准", max_length=2000)
    fails_when = models.TextField("何种情形不合格", max_length=2000, blank=True)
    method = models.TextField("检查方法", max_length=2000, blank=True)
    basis = models.TextField("依据条款", max_length=2000, blank=True)
    score = models.DecimalField(
        "标准分",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1000)],
    )
    photos = models.PositiveSmallIntegerField("不合格至少拍照", default=0, validators=[MaxValueValidator(20)])
    note_required = models.BooleanField("不合格须说明", default=False)
    level = models.CharField("要求程度", max_length=6, choices=list(LEVELS.items()), blank=True, default="")
    school_types = models.JSONField("适用学校类型", default=list, blank=True)
    facts = models.JSONField("适用条件", default=list, blank=True)
    phrases = models.JSONField("哪里不合格：常用语", default=list, blank=True)
    hazard_category = models.CharField("建议隐患类别", max_length=40, blank=True)
    hazard_grade = models.CharField("建议隐患等级", max_length=20, blank=True)
    code = models.CharField("编号", max_length=36, blank=True)
    source = models.UUIDField("来源文件", null=True, blank=True, editable=False)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查内容"
        ordering = ["category", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "wording"],
                name="forms_item_once",
                condition=LIVE,
                violation_error_message="这一类别里已有同样的内容",
            )
        ]

    def __str__(self) -> str:
        return self.wording

    def clean(self) -> None:
        """One-line wording; lists of short texts."""
        self.wording = tidy(self.wording)
        for name in ("school_types", "facts", "phrases"):
            value = getattr(self, name)
            if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
                raise ValidationError({name: "应是若干短语"})
