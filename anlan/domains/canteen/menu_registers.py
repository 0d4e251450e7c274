"""Ledgers of menus, dishes and samples (S09.3, S09.4)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import KEEPERS, SEEING
from anlan.domains.canteen.menus import Dish, Menu, publish, recall
from anlan.domains.canteen.samples import Sample, correct, dispose, unsampled
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel import clock

AT_SCHOOL = "school_head school_safety canteen_manager"
PUBLISH = declare_permission("canteen.menus.publish", "菜谱：公示", tuple(AT_SCHOOL.split())).code
KEEP = declare_permission("canteen.samples.keep", "留样：处置和更正", tuple(AT_SCHOOL.split())).code


def is_draft(menu: Menu) -> bool:
    """Not published."""
    return menu.published_at is None and menu.archived_at is None


def is_kept(sample: Sample) -> bool:
    """Still in the fridge."""
    return sample.disposed_at is None and sample.archived_at is None


class CorrectForm(forms.Form):
    """Amount and time put right, with the reason."""

    grams = forms.IntegerField(label="留样量（克）", min_value=1, max_value=5000)
    at = forms.DateTimeField(label="留样时间", widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))
    reason = forms.CharField(label="更正原因", max_length=120)

    @classmethod
    def for_record(cls, record: Sample, *sent: Any) -> "CorrectForm":
        """With what stands there now."""
        form = cls(*sent)
        form.initial = {"grams": record.grams, "at": record.at}
        return form


@ledger
class Menus(Ledger):
    """Menus by week."""

    code = "canteen.menus"
    model = Menu
    title, noun, icon = "一周菜谱", "份", "calendar-event"
    area, group, order = "canteen", "每日供餐", 200
    columns = "canteen monday org stand late published_at note"
    filters = "org canteen monday late"
    search = "canteen__name org__name note"
    key = "org canteen monday"
    form = "org canteen monday note"
    views = {"待公示": "draft=1", "公示迟了": "late=1"}
    marks = {"draft": lambda: Q(published_at=None)}
    happenings = {"publish": "公示", "recall": "撤回公示"}
    example = {"monday": "2026-08-31"}
    roles = rights(SEEING, AT_SCHOOL)

    @computed("状态", "chip")
    def stand(self, row: Menu) -> tuple[str, str]:
        """Published in time, late, or not yet."""
        if row.published_at:
            return ("doing", "已公示（迟）") if row.late else ("done", "已公示")
        return ("late", "过期未公示") if row.monday <= clock.today() else ("todo", "待公示")

    @act(
        "公示",
        PUBLISH,
        icon="send",
        kind="primary",
        when=is_draft,
        effect="教育局和家长可以看到，修改前要先撤回",
    )
    def publish(self, actor: Actor, record: Menu, values: dict[str, Any]) -> None:
        """Before the week begins, or late."""
        publish(actor, record)

    @act("撤回公示", PUBLISH, icon="arrow-back-up", when=lambda menu: menu.published_at is not None)
    def recall(self, actor: Actor, record: Menu, values: dict[str, Any]) -> None:
        """To change it."""
        recall(actor, record)

    def locked(self, record: Any, verb: str) -> str:
        """Published menus stay as they are."""
        return "" if is_draft(record) else "已公示的菜谱要先撤回再修改"

    @block("菜品", "canteen/menu.html", printed=True)
    def dishes(self, request: Any, record: Menu) -> dict[str, Any]:
        """Day by day, with how many kinds of food each day has."""
        days: dict[Any, list[Dish]] = {}
        for dish in Dish.objects.unscoped().filter(menu=record, archived_at=None).order_by("day", "pk"):
            days.setdefault(dish.day, []).append(dish)
        shown = [(day, rows, kinds_of(rows)) for day, rows in days.items()]
        return {"menu": record, "days": shown, "sunday": record.monday + timedelta(days=6)}


def kinds_of(dishes: list[Dish]) -> int:
    """How many kinds of food the dishes have."""
    words = "、".join(dish.ingredients for dish in dishes).replace("，", "、").replace(" ", "、")
    return len({word for word in words.split("、") if word})


@ledger
class Dishes(Ledger):
    """Dishes of all menus."""

    code = "canteen.dishes"
    model = Dish
    title, noun, icon = "菜品", "道", "meat"
    area, group, order = "canteen", "每日供餐", 210
    columns = "name day meal canteen org ingredients grams allergens menu__monday"
    filters = "org canteen day meal"
    search = "name ingredients allergens canteen__name"
    key = "org menu day meal name"
    form = "org menu day meal name ingredients grams allergens"
    views = {"没有留样": "unsampled=1"}
    marks = {"unsampled": unsampled}
    example = {"day": "2026-09-01", "name": "番茄炒蛋", "ingredients": "番茄、鸡蛋", "grams": 120}
    roles = rights(SEEING, AT_SCHOOL)

    def locked(self, record: Any, verb: str) -> str:
        """As the menu."""
        return "已公示的菜谱要先撤回再修改" if record.menu.published_at else ""


@ledger
class Samples(Ledger):
    """Samples in the fridge, and when they were disposed of."""

    code = "canteen.samples"
    model = Sample
    title, noun, icon = "食品留样", "份", "test-pipe"
    area, group, order = "canteen", "每日供餐", 220
    columns = "dish canteen org grams at keeper place stand disposed_at"
    filters = "org canteen at disposed_at"
    search = "dish__name keeper place canteen__name"
    form = "org dish keeper place grams at"
    facts = "dish canteen org grams at keeper place reason stand disposed_at disposed_by"
    files = {"photo": "留样照片"}
    personal = {"keeper": Personal("留样责任落实", "食品安全法实施条例 第二十八条", "随留样记录保存")}
    views = {"存放中": "kept=1"}
    marks = {"kept": lambda: Q(disposed_at=None)}
    happenings = {"dispose": "处置", "correct": "更正"}
    example = {"grams": 130, "keeper": "陈师傅", "place": "留样冰箱 1 号"}
    roles = {"view": SEEING, "export": KEEPERS, "add": AT_SCHOOL, "archive": AT_SCHOOL}

    def begin(self, user: Any) -> dict[str, Any]:
        """Whoever writes it down has usually put it aside."""
        return {"keeper": user.name}

    @computed("状态", "chip", needs="org")
    def stand(self, row: Sample) -> tuple[str, str]:
        """Kept or disposed of."""
        return ("idle", "已处置") if row.disposed_at else ("doing", "存放中")

    @act("处置", KEEP, icon="check", kind="primary", when=is_kept, effect="留样期满后销毁，登记处置人和时间")
    def dispose(self, actor: Actor, record: Sample, values: dict[str, Any]) -> None:
        """Thrown away."""
        dispose(actor, record)

    @act("更正", KEEP, form=CorrectForm, icon="edit", when=is_kept)
    def correct(self, actor: Actor, record: Sample, values: dict[str, Any]) -> None:
        """Put right, with the reason."""
        correct(actor, record, values)
