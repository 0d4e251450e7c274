"""Ledgers of meals, eating with the pupils, and the three steps of control (S09.6, S09.7)."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import KEEPERS, SEEING
from anlan.domains.canteen.control import RIGHTS, Control, Said, missed, sign_step
from anlan.domains.canteen.logs import lacking
from anlan.domains.canteen.meals import SETTLE, Meal, Visit, roster, settle, unaccompanied
from anlan.domains.canteen.menus import Dish
from anlan.domains.canteen.samples import unsampled
from anlan.domains.canteen.workers import MorningCheck
from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import User
from anlan.engines.org.api import declare_permission
from anlan.engines.output.api import signatures_of
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel import clock
from anlan.shell.signing import SignatureField

TASTING = Personal("陪餐责任落实", "学校食品安全与营养健康管理规定 第九条", "随陪餐记录保存")
ROSTER = declare_permission("canteen.meals.roster", "陪餐：排班", ("school_head", "school_safety")).code
PAD = "可用手指或鼠标签名；不便手写时留空，以密码确认为准"


class HostForm(forms.Form):
    """Who eats with the pupils."""

    host = forms.ModelChoiceField(User.objects.none(), label="陪餐人")

    @classmethod
    def for_record(cls, record: Meal, *sent: Any) -> "HostForm":
        """People of the school."""
        form = cls(*sent)
        form.fields["host"].queryset = User.objects.filter(unit=record.org_id, is_active=True)  # type: ignore[attr-defined]  # fmt: skip
        return form


class MeasuresForm(forms.Form):
    """What was done."""

    measures = forms.CharField(label="处理情况", max_length=300, widget=forms.Textarea)


class StepForm(forms.Form):
    """Findings, measures and the signature; "no risk" is said, never left out."""

    safe = forms.TypedChoiceField(
        label="结论",
        choices=[("1", "没有发现风险"), ("0", "发现风险")],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(label="发现的问题", required=False, widget=forms.Textarea)
    measures = forms.CharField(label="处置措施", required=False, widget=forms.Textarea)
    signature = SignatureField("签名", help_text=PAD)


def to_be_signed(level: str) -> Any:
    """Condition of the act that signs a level."""
    return lambda record: record.level == level and record.signed_at is None


def is_unsettled(visit: Visit) -> bool:
    """A problem nobody has settled."""
    return bool(visit.problem) and visit.settled_at is None


@ledger
class Meals(Ledger):
    """Meals of every day with the roster; laid out by the daily round."""

    code = "canteen.meals"
    model = Meal
    title, noun, icon = "供餐餐次", "餐", "soup"
    area, group, order = "canteen", "每日供餐", 230
    columns = "meal canteen org day host accompanied begins_at ends_at"
    filters = "org canteen day meal"
    search = "canteen__name org__name"
    readonly = True
    example = {
        "day": "2026-09-01",
        "begins_at": "2026-09-01T11:30+08:00",
        "ends_at": "2026-09-01T12:30+08:00",
    }
    views = {"没有陪餐记录": "unaccompanied=1"}
    marks = {"unaccompanied": unaccompanied}
    photos = ""
    roles = {"view": SEEING, "export": KEEPERS}

    def refine(self, rows: Any) -> Any:
        """With whether a leader ate there."""
        there = Visit.unguarded.filter(
            canteen=OuterRef("canteen"), day=OuterRef("day"), meal=OuterRef("meal"), capacity="leader"
        )
        return rows.annotate(attended=Exists(there.filter(archived_at=None)))

    @computed("陪餐", "chip")
    def accompanied(self, row: Any) -> tuple[str, str]:
        """Recorded, missing, or still to come."""
        if row.attended:
            return "done", "已陪餐"
        return ("late", "没有陪餐记录") if row.ends_at <= clock.now() else ("todo", "待陪餐")

    @act("安排陪餐", ROSTER, form=HostForm, icon="user-share")
    def roster(self, actor: Actor, record: Meal, values: dict[str, Any]) -> None:
        """Put somebody on the roster."""
        roster(actor, record, values["host"])


@ledger
class Visits(Ledger):
    """Who ate with the pupils and what was found."""

    code = "canteen.visits"
    model = Visit
    title, noun, icon = "陪餐记录", "次", "mood-kid"
    area, group, order = "canteen", "每日供餐", 240
    columns = "day meal canteen org capacity person visitor taste hygiene price problem settled_at"
    filters = "org canteen day meal capacity"
    search = "problem visitor person__name org__name"
    form = "org canteen day meal capacity person visitor taste hygiene price problem"
    facts = "day meal canteen org capacity person visitor taste hygiene price problem measures settled_at"
    files = {"photo": "现场照片"}
    masked = {"visitor": "name"}
    personal = {"visitor": TASTING}
    views = {"有问题": "troubled=1", "问题待处理": "unsettled=1"}
    marks = {"troubled": lambda: ~Q(problem=""), "unsettled": lambda: ~Q(problem="") & Q(settled_at=None)}
    happenings = {"settle": "处理问题"}
    example = {"day": "2026-09-01", "visitor": "林家长", "capacity": "parent"}
    roles = rights(
        SEEING,
        "school_head school_safety school_contact canteen_manager",
        unmask="school_safety",
        **{"import": ""},
    )

    def begin(self, user: Any) -> dict[str, Any]:
        """The own meal, today."""
        return {"person": user.pk, "day": clock.today()}

    def locked(self, record: Any, verb: str) -> str:
        """What was settled stays."""
        return "问题已处理，不能修改" if record.settled_at else ""

    @act("处理问题", SETTLE, form=MeasuresForm, icon="check", kind="primary", when=is_unsettled)
    def settle(self, actor: Actor, record: Visit, values: dict[str, Any]) -> None:
        """What was done about it."""
        settle(actor, record, values["measures"])


@ledger
class Controls(Ledger):
    """Daily, weekly and monthly steps, laid out by the daily round, signed by three people."""

    code = "canteen.controls"
    model = Control
    readonly = True
    title, noun, icon = "日管控周排查月调度", "份", "clipboard-check"
    area, group, order = "canteen", "每日供餐", 250
    columns = "level canteen org first last stand due_at signer signed_at"
    filters = "org canteen level first safe"
    search = "canteen__name org__name findings"
    facts = "level canteen org first last stand findings measures signer signed_at due_at"
    views = {
        "日管控": "level=day",
        "周排查": "level=week",
        "月调度": "level=month",
        "漏项": "missed=1",
        "缺消毒台账": "no_disinfection=1",
        "缺冷藏温度": "no_temperature=1",
        "缺废弃物台账": "no_waste=1",
    }
    marks = {
        "missed": missed,
        "no_disinfection": lambda: lacking("disinfection"),
        "no_temperature": lambda: lacking("temperature"),
        "no_waste": lambda: lacking("waste"),
    }
    photos = ""
    happenings = {"sign": "签字"}
    roles = {"view": SEEING, "export": KEEPERS}

    @computed("结论", "chip")
    def stand(self, row: Control) -> tuple[str, str]:
        """No risk, risk, waiting, missed."""
        if row.signed_at is None:
            return ("late", "漏项") if row.due_at < clock.now() else ("todo", "待填写")
        return ("done", "没有发现风险") if row.safe else ("doing", "发现风险")

    @act(
        "填写日管控",
        RIGHTS["day"],
        form=StepForm,
        icon="signature",
        kind="primary",
        confirm=True,
        when=to_be_signed("day"),
    )
    def sign_day(self, actor: Actor, record: Control, values: dict[str, Any]) -> None:
        """By the food-safety officer."""
        _sign(actor, record, values)

    @act(
        "填写周排查",
        RIGHTS["week"],
        form=StepForm,
        icon="signature",
        kind="primary",
        confirm=True,
        when=to_be_signed("week"),
    )
    def sign_week(self, actor: Actor, record: Control, values: dict[str, Any]) -> None:
        """By the food-safety director."""
        _sign(actor, record, values)

    @act(
        "填写月调度",
        RIGHTS["month"],
        form=StepForm,
        icon="signature",
        kind="primary",
        confirm=True,
        when=to_be_signed("month"),
    )
    def sign_month(self, actor: Actor, record: Control, values: dict[str, Any]) -> None:
        """By the head."""
        _sign(actor, record, values)

    @block("依据", "canteen/grounds.html", printed=True)
    def grounds(self, request: Any, record: Control) -> dict[str, Any]:
        """The steps below with their findings; for a day what its own ledgers say."""
        return {
            "step": record,
            "rows": record.grounds().select_related("signer") if record.level != "day" else (),
            "facts": facts_of(record) if record.level == "day" else (),
            "signatures": signatures_of(record),
        }


def _sign(actor: Actor, record: Control, values: dict[str, Any]) -> None:
    said = Said(values["safe"], values["findings"], values["measures"])
    sign_step(actor, record, said, values["signature"])


def facts_of(step: Control) -> list[tuple[str, int, str]]:
    """What the day's ledgers say: words, number, address of the list."""
    said = {"canteen": step.canteen_id, "archived_at": None}
    day = f"canteen={step.canteen_id}&day_from={step.first}&day_to={step.first}"
    checks = MorningCheck.unguarded.filter(day=step.first, fit=False, **said)
    meals = Meal.unguarded.filter(unaccompanied(), day=step.first, **said)
    dishes = Dish.unguarded.filter(unsampled(), day=step.first, **said)
    return [
        ("晨检不得上岗", checks.count(), f"/canteen/checks/?fit=0&{day}"),
        ("没有留样的菜品", dishes.count(), f"/canteen/dishes/?unsampled=1&{day}"),
        ("没有陪餐记录的餐次", meals.count(), f"/canteen/meals/?unaccompanied=1&{day}"),
    ]
