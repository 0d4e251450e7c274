"""Ledgers of posts, their gear, what is taken out, and the least list (D15.5, N2.04)."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import BooleanField, Case, Q, Sum, Value, When

from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL, rights
from anlan.domains.guards.custody import RULE, ruled
from anlan.domains.guards.gear import (
    Gear,
    Issue,
    Norm,
    Norms,
    Post,
    give_back,
    good,
    issue,
    short,
    shortages,
)
from anlan.domains.guards.people import Guard, on_duty
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.output.api import signatures_of
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.shell.signing import SignatureField

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "guard"))
KEPT = KEPT_BY_SCHOOL | {"view": SEEING}
ISSUING = ("school_safety", "guard")
HAND_OUT = declare_permission("guards.gear.issue", "防护装备：领用、归还", ISSUING).code


PAD = "可用手指或鼠标签名；不便手写时留空，以密码确认为准"


class TakeForm(forms.Form):
    """Who takes how much, signed."""

    guard = forms.ModelChoiceField(Guard.unguarded.none(), label="领用人")
    amount = forms.IntegerField(label="数量", min_value=1, initial=1)
    signature = SignatureField("签名", help_text=PAD)

    @classmethod
    def for_record(cls, record: Gear, *sent: Any) -> "TakeForm":
        """Guards on duty at the school."""
        form = cls(*sent)
        form.fields["guard"].queryset = Guard.unguarded.filter(on_duty(), org=record.org_id)  # type: ignore[attr-defined]
        form.fields["amount"].validators.append(_no_more_than(record.stock))
        return form


class BackForm(forms.Form):
    """How much comes back, signed."""

    back = forms.IntegerField(label="归还数量", min_value=0)
    note = forms.CharField(label="没有归还的原因", max_length=100, required=False)
    signature = SignatureField("签名", help_text=PAD)

    @classmethod
    def for_record(cls, record: Issue, *sent: Any) -> "BackForm":
        """All of it, unless said otherwise."""
        form = cls(*sent)
        form.fields["back"].initial = record.amount
        form.fields["back"].help_text = f"领出 {record.amount} 件"
        return form


def _no_more_than(stock: int) -> MaxValueValidator:
    return MaxValueValidator(stock, f"库存只有 {stock} 件，不够领用")


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


@ledger
class Posts(Ledger):
    """Posts with what they lack."""

    code = "guards.posts"
    model = Post
    title, noun, icon = "防护岗位", "处", "map-pin"
    area, group, order = "upkeep", "保安", 610
    columns = "name room org holder lacks custody"
    filters = "org room"
    search = "name org__name"
    key = "org name"
    form = "org name room keeper custodian"
    facts = "name room org holder lacks custody"
    photos = ""
    files = {RULE: "使用保管制度"}
    views = {"装备不足": "short=1", "没有保管制度": "unruled=1", "没有保管人": "unkept=1"}
    marks = {"short": short, "unruled": lambda: ~ruled(), "unkept": lambda: Q(keeper=None, custodian=None)}
    choices = {"keeper": Q(left_on=None)}
    example = {"name": "大门门卫室"}
    whose = "custodian keeper__person"
    roles = KEPT

    def refine(self, rows: Any) -> Any:
        """With whether something is lacking, and whether the school has its rule."""
        return rows.annotate(lacking=_whether(short()), has_rule=_whether(ruled()))

    @computed("保管人", needs="keeper custodian")
    def holder(self, row: Post) -> str:
        """The guard or the person of the staff."""
        return str(row.keeper or row.custodian or "")

    @computed("保管", "chip")
    def custody(self, row: Any) -> tuple[str, str]:
        """Whether somebody answers for it, under a written rule."""
        if not row.has_rule:
            return "late", "没有保管制度"
        return ("done", "已落实") if row.keeper_id or row.custodian_id else ("late", "没有保管人")

    @computed("装备", "chip")
    def lacks(self, row: Any) -> tuple[str, str]:
        """Whether every kind reaches the least amount; the page says which do not."""
        return ("late", "装备不足") if row.lacking else ("done", "齐全")

    @block("装备与最低标准", "guards/post.html")
    def list_of_gear(self, request: Any, record: Any) -> dict[str, Any]:
        """What is there and what is lacking."""
        found = Gear.unguarded.filter(good(), post=record).order_by().values("kind").annotate(n=Sum("owned"))
        there = {row["kind"]: row["n"] for row in found}
        return {"post": record, "lacking": shortages(Norms().at(record.org.path), there)}


@ledger
class GearLedger(Ledger):
    """Gear by post."""

    code = "guards.gear"
    model = Gear
    title, noun, icon = "防护装备", "件", "shield"
    area, group, order = "upkeep", "保安", 612
    columns = "kind post org code owned issued left checked_on valid_to validity"
    filters = "org post kind valid_to"
    search = "code post__name org__name"
    key = "post kind code"
    form = "org post kind code owned bought_on checked_on valid_to"
    expires, renews, labels = "valid_to", "valid_to checked_on", True
    happenings = {"issue": "领出", "back": "归还"}
    photos = ""
    example = {"kind": "helmet", "code": "TK-1", "owned": 2, "valid_to": "2030-01-01"}
    roles = KEPT

    @computed("在库", "number")
    def left(self, row: Gear) -> int:
        """What can be issued."""
        return row.stock

    @act("领用", HAND_OUT, form=TakeForm, icon="minus", kind="primary", confirm=True,
         when=lambda gear: gear.stock > 0)  # fmt: skip
    def take(self, actor: Actor, record: Gear, values: dict[str, Any]) -> None:
        """Out to a guard."""
        issue(actor, record, values["guard"], values["amount"], values["signature"])


@ledger
class Issues(Ledger):
    """What was taken out, and what is still out."""

    code = "guards.issues"
    model = Issue
    readonly = True
    title, noun, icon = "装备领用", "次", "files"
    area, group, order = "upkeep", "保安", 614
    columns = "gear guard amount at back_at back note org"
    filters = "org gear at"
    search = "guard__name gear__code"
    sort = "-at"
    photos = ""
    views = {"没有归还": "out=1"}
    marks = {"out": lambda: Q(back_at=None)}
    happenings = {"back": "归还", "sign": "签名"}
    roles = {"view": SEEING, "export": "school_head school_safety"}

    def refine(self, rows: Any) -> Any:
        """With what the words of gear need."""
        return rows.select_related("gear__post")

    @act("归还", HAND_OUT, form=BackForm, icon="plus", kind="primary", confirm=True,
         when=lambda taken: taken.back_at is None)  # fmt: skip
    def give_back(self, actor: Actor, record: Issue, values: dict[str, Any]) -> None:
        """Back in stock."""
        give_back(actor, record, values["back"], values["note"], values["signature"])

    @block("签名", "guards/signed.html", printed=True)
    def signed(self, request: Any, record: Issue) -> dict[str, Any]:
        """Who signed the handing out and the return."""
        return {"signatures": signatures_of(record)}


@ledger
class NormLedger(Ledger):
    """The least list of an area."""

    code = "guards.norms"
    model = Norm
    title, noun, icon = "防护装备最低标准", "项", "settings"
    area, group, order = "upkeep", "保安", 642
    columns = "kind amount org"
    filters, key = "org kind", "org kind"
    form = "org kind amount"
    example = {"kind": "helmet", "amount": 3}
    roles = rights(SEEING, "bureau_safety")
