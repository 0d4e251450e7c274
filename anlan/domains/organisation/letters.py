"""Responsibility letters: a template, an issue of a year addressed to posts, and one letter per addressee (S05.3)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.posts import PostHolder
from anlan.base.vocabularies import code_field
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.output.api import Signed, content_digest
from anlan.kernel import clock

BLANKS = ("单位", "姓名", "岗位", "学年", "签发单位")
LEVELS = [
    ("school", "上级与学校"),
    ("department", "学校与部门"),
    ("staff", "学校与教职工"),
    ("company", "学校与食堂、保安等服务单位"),
]


def school_year() -> str:
    """The school year of today, such as 2026-2027; it begins in August."""
    today = clock.today()
    first = today.year if today.month >= 8 else today.year - 1
    return f"{first}-{first + 1}"


def filled(text: str, **said: str) -> str:
    """The text with its blanks 【单位】 … filled."""
    for name in BLANKS:
        text = text.replace(f"【{name}】", said.get(name, ""))
    return text


class LetterTemplate(Record):
    """The words of a kind of letter, laid down by a unit for itself and all below."""

    INHERITED = True

    title = models.CharField("名称", max_length=80)
    level = models.CharField("层级", max_length=12, choices=LEVELS, db_index=True)
    body = models.TextField("正文", help_text=f"可用的空格：{'、'.join(f'【{name}】' for name in BLANKS)}")

    class Meta(Record.Meta):
        verbose_name = "责任书模板"
        ordering = ["level", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"],
                name="organisation_template_once",
                condition=Q(archived_at=None),
                violation_error_message="已有同名的模板",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse blanks nobody can fill."""
        left = filled(self.body, **dict.fromkeys(BLANKS, "·"))
        if "【" in left and "】" in left:
            raise ValidationError(
                {"body": f"有不认识的空格：{left[left.index('【') : left.index('】') + 1]}"}
            )


class LetterIssue(Signed):
    """An issue of letters by one unit: signed by the issuer when it goes out; the text is fixed then."""

    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="+", verbose_name="模板")
    title = models.CharField("名称", max_length=80)
    year = models.CharField("学年", max_length=9, default=school_year, db_index=True)
    due_on = models.DateField("签署期限")
    post = code_field("safety_post", "签给各校的哪个岗位", null=True, blank=True)
    schools = models.ManyToManyField(OrgUnit, related_name="+", blank=True, verbose_name="学校")
    named = models.ManyToManyField(PostHolder, related_name="+", blank=True, verbose_name="指定的责任人")
    body = models.TextField(blank=True, editable=False)
    issued_at = models.DateTimeField("签发时间", null=True, editable=False, db_index=True)

    class Meta(Signed.Meta):
        verbose_name = "责任书签订"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year", "title"],
                name="organisation_issue_once",
                condition=Q(archived_at=None),
                violation_error_message="这个学年已有同名的责任书",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.year} 学年）"

    def get_absolute_url(self) -> str:
        """The page of the issue."""
        return f"/organisation/issues/{self.pk}/"

    def signed_content(self) -> str:
        """Title, year and words."""
        return content_digest("issue", self.title, self.year, self.body)


class Letter(Signed):
    """The letter of one person in a post (``org`` is that person's unit), with the words as they were signed."""

    OWNER = "signer"

    issue = models.ForeignKey(LetterIssue, models.PROTECT, related_name="letters", verbose_name="责任书")
    holder = models.ForeignKey(PostHolder, models.PROTECT, related_name="+", verbose_name="责任人")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签署账号"
    )
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("岗位", max_length=40)
    body = models.TextField("正文")
    signed_at = models.DateTimeField("签署时间", null=True, editable=False, db_index=True)

    class Meta(Signed.Meta):
        verbose_name = "责任书"
        ordering = ["org__path", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "holder"], name="organisation_letter_once")]

    def __str__(self) -> str:
        return f"{self.issue.title}：{self.name}"

    def get_absolute_url(self) -> str:
        """The page of the letter."""
        return f"/organisation/letters/{self.pk}/"

    def signed_content(self) -> str:
        """Who signs which words."""
        return content_digest("letter", self.issue_id, self.org_id, self.name, self.post, self.body)

    @property
    def signed_under(self) -> Any:
        """The issuer signs first, for all letters of the issue."""
        return self.issue
