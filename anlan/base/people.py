"""People: who works where, found by name, digits of the phone, unit or linked school (D01.12, X.23)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from anlan.base.pinyin import initials, spelled
from anlan.base.vocabularies import code_field
from anlan.engines.audit.api import Actor, archive
from anlan.engines.identity.api import disable
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Personal
from anlan.engines.tasks.api import hand_in
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected
from anlan.kernel.identifiers import mobile_fault, normal_mobile


class Person(Record):
    """One person at one unit; ``account`` is the door through which the person signs in, if there is one."""

    name = models.CharField("姓名", max_length=40, db_index=True)
    sex = code_field("sex", "性别", null=True, blank=True)
    phone = models.CharField("手机号", max_length=20, blank=True, db_index=True)
    kind = code_field("person_kind", "人员类别", null=True, blank=True)
    duty = models.CharField("职务", max_length=60, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name="账号",
    )
    joined_on = models.DateField("到岗日期", null=True, blank=True)
    left_on = models.DateField("离岗日期", null=True, blank=True)
    phone_tail = models.CharField("手机号后四位", max_length=4, editable=False, blank=True)
    pinyin = models.CharField("姓名拼音", max_length=200, editable=False, blank=True)
    initials = models.CharField("姓名首字母", max_length=60, editable=False, blank=True, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "人员"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("base.people:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a phone number that cannot exist and a reversed period."""
        if self.phone and (fault := mobile_fault(self.phone)):
            raise ValidationError({"phone": fault})
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            raise ValidationError({"left_on": "离岗日期不能早于到岗日期"})

    def prepare(self) -> None:
        """Fill what follows from other fields."""
        self.phone = normal_mobile(self.phone)
        self.phone_tail = self.phone[-4:]
        self.pinyin, self.initials = spelled(self.name), initials(self.name)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the derived fields in place."""
        self.prepare()
        super().full_clean(*args, **kwargs)


def person_field(title: str, **more: Any) -> Any:
    """A relation to somebody on the staff, optional unless said otherwise."""
    said: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"} | more
    return models.ForeignKey(Person, models.PROTECT, verbose_name=title, **said)


@dataclass(frozen=True)
class PersonLeft:
    """Event: a person left; rosters, open tasks and teams let go of them in the same transaction (X.23).

    ``successor``: who takes over what is still to be done, if somebody was named.
    """

    actor: Actor
    person: Person
    successor: Person | None = None


def is_here(person: Person) -> bool:
    """Not left, not archived."""
    return person.archived_at is None


@transaction.atomic
def leave(actor: Actor, person: Person, successor: Person | None = None) -> Person:
    """Take a person out of everything that awaits them, with one act; history stays, the account is stopped.

    Conflict for oneself; Rejected for a successor who left or is of another unit.
    """
    if actor.user is not None and person.account_id == actor.user.pk:
        raise Conflict("不能给自己办理离岗，请其他管理人员办理")
    if successor and (
        successor.archived_at or successor.org_id != person.org_id or successor.pk == person.pk
    ):
        raise Rejected({"successor": "只能由本单位在岗的其他人员接替"})
    person.left_on = person.left_on or clock.today()
    Person.unguarded.filter(pk=person.pk).update(left_on=person.left_on)
    archive(actor, person, action="leave")
    events.publish(PersonLeft(actor, person, successor))
    if person.account:
        hand_in(actor, person.org, person.account, successor.account if successor else None, f"{person}离岗")
        disable(None, person.account, "离岗")
    return person


def phone_ends(word: str, prefix: str = "") -> Q:
    """Condition: the phone number ends with these digits; fewer than three find nobody."""
    digits = word.isascii() and word.isdigit() and len(word) >= 3
    return Q(**{f"{prefix}phone__endswith": word}) if digits else Q(pk__in=[])


def found_by(text: str) -> Q:
    """Condition of the fuzzy search: name, pinyin, digits of the phone, unit or linked school."""
    text = text.strip()
    condition = Q(name__icontains=text) | Q(org__name__icontains=text)
    condition |= Q(memberships__archived_at=None, memberships__schools__name__icontains=text)
    if text.isdigit():
        return condition | Q(phone__endswith=text) | (Q(phone__contains=text) if len(text) >= 4 else Q())
    if text.isascii():
        return condition | Q(initials__startswith=text.lower()) | Q(pinyin__startswith=text.lower())
    return condition


CONTACT = Personal(
    "校园安全工作联系",
    "履行法定职责所必需（个人信息保护法第十三条）",
    "离岗后三年",
    since="left_on",
    years=3,
)


def people_found(rows: Any, text: str) -> Any:
    """``rows`` of people narrowed to those the text finds, each once."""
    return rows.filter(found_by(text)).distinct() if text.strip() else rows
