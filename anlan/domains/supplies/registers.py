"""The ledger of emergency supplies: what lacks, what runs out, use and refill (R.31)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.supplies.movements import Movement, move_stock
from anlan.domains.supplies.stocks import Stock, lacking
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, computed, ledger

EDIT = "supplies.stocks.edit"


class UseForm(forms.Form):
    """What is taken out."""

    amount = forms.IntegerField(label="数量", min_value=1)
    reason = forms.ChoiceField(label="事由", choices=[row for row in Movement.REASONS if row[0] != "refill"])
    event = forms.CharField(label="事件或说明", max_length=200)


class RefillForm(forms.Form):
    """What is put in."""

    amount = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    event = forms.CharField(label="来源或说明", max_length=200, required=False)


@ledger
class Stocks(Ledger):
    """Stocks."""

    model = Stock
    title, noun, area, group, order = "应急物资", "项", "upkeep", "应急物资", 500
    columns = "name kind place batch amount norm unit enough expires_on validity keeper org"
    filters, search, key = "org kind name expires_on", "name place batch", "org name place batch"
    offers = "name"
    form = "org name kind unit place batch norm expires_on keeper"
    expires, watched = "expires_on", Q(amount__gt=0)
    labels = True
    files = {"photo": "照片"}
    marks = {"lacking": lacking}
    views = {"低于配备标准": "lacking=1", "即将到期": "validity=expiring", "已过期": "validity=expired"}
    example = {
        "name": "急救包",
        "kind": "first_aid",
        "place": "卫生室",
        "norm": 10,
        "batch": "2026-1",
        "amount": 5,
    }
    whose = "keeper"
    roles = KEPT_BY_SCHOOL

    @computed("配备", "chip")
    def enough(self, row: Stock) -> tuple[str, str]:
        """Up to the norm, or how many are missing."""
        short = row.norm - row.amount
        return ("late", f"差 {short} {row.unit}") if short > 0 else ("done", "达标")

    @act("取用", EDIT, form=UseForm, when=lambda row: row.archived_at is None)
    def use(self, actor: Actor, record: Stock, values: dict[str, Any]) -> str:
        """Out of the store, for an event, a drill, or because it went bad."""
        move_stock(actor, record, values["reason"], values["amount"], values["event"])
        return ""

    @act("补充", EDIT, form=RefillForm, kind="primary",
         when=lambda row: row.archived_at is None)  # fmt: skip
    def refill(self, actor: Actor, record: Stock, values: dict[str, Any]) -> str:
        """Into the store."""
        move_stock(actor, record, "refill", values["amount"], values["event"])
        return ""
