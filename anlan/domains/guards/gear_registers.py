"""Ledgers of posts, their gear, what is taken out, and the least list (D15.5)."""

from typing import Any

from django import forms
from django.db.models import BooleanField, Case, Q, Sum, Value, When

from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL, rights
from anlan.domains.guards.gear import Gear, Issue, Norm, Norms, Post, give_back, good, issue, short, shortages
from anlan.domains.guards.people import Guard, on_duty
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

SEEING = " ".join((*ABOVE, *AT_SCHOOL))
ISSUING = ("school_safety", "guard")
HAND_OUT = declare_permission("guards.gear.issue", "防护装备：领用、归还", ISSUING).code


class TakeForm(forms.Form):
    """Who takes how much."""

    guard = forms.ModelChoiceField(Guard.unguarded.none(), label="领用人")
    amount = forms.IntegerField(label="数量", min_value=1, max_value=999, initial=1)

    @classmethod
    def for_record(cls, record: Gear, *sent: Any) -> "TakeForm":
        """Guards on duty at the school."""
        form = cls(*sent)
        form.fields["guard"].queryset = Guard.unguarded.filter(on_duty(), org=record.org_id)  # type: ignore[attr-defined]
        return form


@ledger
class Posts(Ledger):
    """Posts with what they lack."""

    code = "guards.posts"
    model = Post
    title, noun, icon = "防护岗位", "处", "map-pin"
    area, group, order = "upkeep", "保安", 610
    columns = "name org keeper lacks"
    filters = "org"
    search = "name org__name"
    key = "org name"
    form = "org name keeper"
    photos = ""
    views = {"装备不足": "short=1"}
    marks = {"short": short}
    choices = {"keeper": Q(left_on=None)}
    example = {"name": "大门门卫室"}
    roles = KEPT_BY_SCHOOL

    def refine(self, rows: Any) -> Any:
        """With whether something is lacking."""
        lacking = Case(When(short(), then=Value(True)), default=Value(False), output_field=BooleanField())
        return rows.annotate(lacking=lacking)

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
    roles = KEPT_BY_SCHOOL

    @computed("在库", "number")
    def left(self, row: Gear) -> int:
        """What can be issued."""
        return row.stock

    @act("领用", HAND_OUT, form=TakeForm, icon="minus", kind="primary", when=lambda gear: gear.stock > 0)
    def take(self, actor: Actor, record: Gear, values: dict[str, Any]) -> None:
        """Out to a guard."""
        issue(actor, record, values["guard"], values["amount"])


@ledger
class Issues(Ledger):
    """What was taken out, and what is still out."""

    code = "guards.issues"
    model = Issue
    readonly = True
    title, noun, icon = "装备领用", "次", "files"
    area, group, order = "upkeep", "保安", 614
    columns = "gear guard amount at back_at org"
    filters = "org gear at"
    search = "guard__name gear__code"
    sort = "-at"
    photos = ""
    views = {"没有归还": "out=1"}
    marks = {"out": lambda: Q(back_at=None)}
    happenings = {"back": "归还"}
    roles = {"view": SEEING, "export": "school_head school_safety"}

    def refine(self, rows: Any) -> Any:
        """With what the words of gear need."""
        return rows.select_related("gear__post")

    @act(
        "归还",
        HAND_OUT,
        icon="plus",
        kind="primary",
        when=lambda taken: taken.back_at is None,
        effect="记下现在归还",
    )
    def back(self, actor: Actor, record: Issue, values: dict[str, Any]) -> None:
        """Back in stock."""
        give_back(actor, record)


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
