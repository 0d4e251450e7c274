"""Ledgers of security organisations, contracts, guards and rules (D15.1, D15.2, SAF.48-SAF.50)."""

from typing import Any

from django import forms
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL, rights
from anlan.domains.guards.assessments import SEE_BARRED, assess, bars, items_at, listed_as_barred
from anlan.domains.guards.bodies import Body, Contract, in_force
from anlan.domains.guards.cards import Card
from anlan.domains.guards.people import Guard, identity_fault, on_duty
from anlan.domains.guards.rules import GuardRules, RuleBook
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel import clock

SEEING = " ".join((*ABOVE, *AT_SCHOOL))
KNOWN = "health veteran background checked_on joined_on left_on"
KEEPING = "bureau_safety school_head school_safety"
AT_WORK = Personal(
    "保安员管理", "保安服务管理条例、个人信息保护法 第十三条", "离岗后三年", since="left_on", years=3
)
ASSESS = declare_permission("guards.guards.assess", "保安员：考核", tuple(KEEPING.split())).code
CONTACT = Personal("校园安全工作联系", "履行法定职责所必需", "随机构档案")


def number(rows: Any, by: str) -> Any:
    """How many of the rows belong to the outer one, as a column."""
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def provided() -> Any:
    """Guards on duty of the contract's company at its school, as a column of contracts."""
    rows = (
        Guard.unguarded.filter(on_duty(), body=OuterRef("body"), org=OuterRef("org")).order_by().values("org")
    )
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def too_few() -> Q:
    """Condition on contracts: fewer guards on duty than contracted."""
    return in_force() & Q(guards__gt=F("provided"))


def unlicensed(prefix: str = "") -> Q:
    """Condition: the company's licence has run out."""
    return Q(**{f"{prefix}kind": "company", f"{prefix}licence_until__lt": clock.today()})


def certified() -> Any:
    """Subquery of guards: a certificate that has not run out."""
    rows = Card.unguarded.filter(guard=OuterRef("pk"), archived_at=None)
    return Exists(rows.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today())))


def uncertified() -> Q:
    """Condition: on duty without a certificate."""
    return on_duty() & Q(~certified())


def unchecked() -> Q:
    """Condition: on duty without a clear background check."""
    return on_duty() & ~Q(background="clear")


def too_old() -> Q:
    """Condition: on duty above the age limit."""
    return on_duty() & RuleBook().over_age()


def flawed() -> Q:
    """Condition: something is wrong with a guard on duty."""
    return uncertified() | unchecked() | too_old()


@ledger
class Bodies(Ledger):
    """Security organisations, with their guards and whether the licence is good."""

    code = "guards.bodies"
    model = Body
    title, noun, icon = "保卫机构", "个", "shield"
    area, group, order = "upkeep", "保安", 590
    columns = "name kind org guards head phone licence_number licence_until validity"
    filters = "org kind licence_until"
    search = "name credit_code head org__name"
    key = "org name"
    form = "org kind name credit_code licence_number licence_until head phone note"
    masked = {"phone": "phone"}
    personal = {"head": CONTACT, "phone": CONTACT}
    expires, renews = "licence_until", "licence_number licence_until"
    watched = Q(kind="company")
    files, photos = {"licence": "许可证扫描件"}, ""
    example = {
        "kind": "company", "name": "示例保安公司", "credit_code": "91350582MA0000015J", "licence_number": "闽公保服 1",
        "head": "示例负责人",
    }  # fmt: skip
    roles = rights(SEEING, KEEPING, watch="bureau_safety", unmask=KEEPING)

    def refine(self, rows: Any) -> Any:
        """With the number of guards on duty."""
        return rows.annotate(strength=number(Guard.unguarded.filter(on_duty()), "body"))

    @computed("在岗保安", "number", sort="strength")
    def guards(self, row: Any) -> int:
        """Guards on duty, at all schools."""
        return int(row.strength)

    @block("人员与服务学校", "guards/body.html")
    def served(self, request: Any, record: Body) -> dict[str, Any]:
        """The list of its guards, and contracts, as far as the person may see them."""
        found = scope(request.user, "guards.contracts.view")
        rows = Contract.objects.unscoped().filter(found.condition(), body=record, archived_at=None)
        return {"body": record, "contracts": list(rows.select_related("org", "body"))}


@ledger
class Contracts(Ledger):
    """Contracts of companies with schools."""

    code = "guards.contracts"
    model = Contract
    title, noun, icon = "保安服务合同", "份", "file-text"
    area, group, order = "upkeep", "保安", 592
    columns = "body org posts guards here licence starts_on ends_on validity price"
    filters = "org body ends_on"
    search = "body__name org__name posts"
    key = "org body posts starts_on"
    form = "org body posts guards price starts_on ends_on overlap assessment"
    expires, renews = "ends_on", "starts_on ends_on guards price"
    files, photos = {"scan": "合同扫描件"}, ""
    views = {"在岗少于约定": "short=1", "公司许可证过期": "lapsed=1"}
    marks = {"short": too_few, "lapsed": lambda: in_force() & unlicensed("body__")}
    example = {"guards": 2, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "posts": "门卫"}
    roles = KEPT_BY_SCHOOL

    def refine(self, rows: Any) -> Any:
        """With the guards the company has on duty at the school."""
        return rows.annotate(provided=provided())

    @computed("在岗", "chip")
    def here(self, row: Any) -> tuple[str, str]:
        """Guards on duty against those contracted."""
        short = row.provided < row.guards and row.starts_on <= clock.today() <= row.ends_on
        return (
            ("late", f"{row.provided} 人，少 {row.guards - row.provided}")
            if short
            else ("done", f"{row.provided} 人")
        )

    @computed("公司许可证", "chip", needs="body")
    def licence(self, row: Contract) -> tuple[str, str] | None:
        """Whether the company's licence has run out."""
        until = row.body.licence_until
        return ("late", "已过期") if until and until < clock.today() else None


class LeaveForm(forms.Form):
    """From which day."""

    day = forms.DateField(label="离岗日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d"))


class PointsForm(forms.Form):
    """Points item by item."""

    day = forms.DateField(label="考核日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d"))
    note = forms.CharField(label="评语", max_length=200, required=False)

    @classmethod
    def for_record(cls, record: Guard, *sent: Any) -> "PointsForm":
        """A field for each item in force at the school."""
        form = cls(*sent)
        for number, (name, most) in enumerate(items_at(record.org).items()):
            form.fields[f"item{number}"] = forms.IntegerField(
                label=f"{name}（满分 {most}）", min_value=0, max_value=most
            )
        return form


def is_on_duty(guard: Guard) -> bool:
    """Has not left."""
    return guard.left_on is None and guard.archived_at is None


@ledger
class Guards(Ledger):
    """Guards, and what is wrong with those on duty."""

    code = "guards.guards"
    model = Guard
    title, noun, icon = "保安员", "人", "shield-check"
    area, group, order = "upkeep", "保安", 595
    columns = "name org body post age state joined_on left_on identity phone"
    facts = f"name org body post state identity born_on age phone person {KNOWN}"
    filters = "org body post background health veteran joined_on left_on"
    search = "name identity org__name body__name"
    key = "org identity"
    form = f"org body name identity phone person post {KNOWN}"
    masked = {"identity": "identity", "phone": "phone"}
    personal = dict.fromkeys(("name", "identity", "born_on", "phone", "health"), AT_WORK)
    files, photos = {"photo": "照片", "check": "背景审查材料"}, "照片"
    happenings = {"leave": "离岗"}
    views = {"在岗": "here=1", "有问题": "flawed=1", "没有保安员证": "uncertified=1", "没有背景审查": "unchecked=1",
             "超龄": "old=1"}  # fmt: skip
    marks = {
        "here": on_duty,
        "flawed": flawed,
        "uncertified": uncertified,
        "unchecked": unchecked,
        "old": too_old,
        "joined": lambda: Q(joined_on__gte=clock.today().replace(day=1)),
        "left": lambda: Q(left_on__gte=clock.today().replace(day=1)),
        "barred": listed_as_barred,
    }
    example = {"name": "示例保安", "post": "gate", "joined_on": "2026-09-01"}
    roles = rights(SEEING, KEEPING, export=KEEPING, unmask=KEEPING)

    def refine(self, rows: Any) -> Any:
        """With what may be wrong."""
        old = rows.model.unguarded.filter(RuleBook().over_age(), pk=OuterRef("pk"))
        return rows.annotate(certified=certified(), old=Exists(old))

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """An identity number that can be."""
        return identity_fault(record, values)

    @computed("年龄", "number", sort="born_on")
    def age(self, row: Guard) -> int | None:
        """Years completed."""
        born, today = row.born_on, clock.today()
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None

    @computed("状态", "chip")
    def state(self, row: Any) -> tuple[str, str]:
        """What is wrong, in a few words."""
        if row.left_on:
            return "idle", "已离岗"
        wrong = {"无保安员证": not row.certified, "未过背景审查": row.background != "clear", "超龄": row.old}
        found = "、".join(words for words, holds in wrong.items() if holds)
        return ("late", found) if found else ("done", "在岗")

    @act("办理离岗", "guards.guards.edit", form=LeaveForm, icon="logout", kind="danger", when=is_on_duty)
    def leave(self, actor: Actor, record: Guard, values: dict[str, Any]) -> None:
        """Off duty; the file stays."""
        change(actor, record, {"left_on": values["day"]}, action="leave", expect=Q(left_on=None))

    @act("考核", ASSESS, form=PointsForm, icon="star", when=is_on_duty)
    def assess(self, actor: Actor, record: Guard, values: dict[str, Any]) -> str:
        """Points for the items in force."""
        names = items_at(record.org)
        points = {name: values[f"item{number}"] for number, name in enumerate(names)}
        return assess(actor, record, points, values["note"], values["day"]).get_absolute_url()

    @block("不再聘用", "guards/barred.html")
    def barred(self, request: Any, record: Guard) -> dict[str, Any] | None:
        """A warning for those who may see the list."""
        if not scope(request.user, SEE_BARRED).covers(record.org.path):
            return None
        found = bars(record)
        return {"found": found} if found else None

    @block("保安员证", "guards/cards.html")
    def cards(self, request: Any, record: Guard) -> dict[str, Any]:
        """The certificates, kept in their own ledger."""
        return {"guard": record, "cards": list(record.cards.filter(archived_at=None))}


@ledger
class RulesLedger(Ledger):
    """What units lay down about their guards."""

    code = "guards.rules"
    model = GuardRules
    title, noun, icon = "保安配备要求", "份", "settings"
    area, group, order = "upkeep", "保安", 640
    columns = "org table every boarders_every age_limit"
    filters, key, form = "org", "org", columns
    example = {"table": "1:1 100:2 1000:3", "every": 500, "boarders_every": 300, "age_limit": 60}
    roles = rights(SEEING, "bureau_safety")
