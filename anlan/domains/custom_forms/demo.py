"""Two layouts of the demo bureau, and one collection with schools in every state; all figures are invented."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.custom_forms.filling import open_sheet, send_back
from anlan.domains.custom_forms.plans import Collection, CollectionPlan
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.forms.api import (
    AnswerIn,
    Filling,
    Form,
    Layout,
    Look,
    NumberRule,
    Question,
    Section,
    Spot,
    add_form,
    publish,
    save_answers,
    submit,
    to_json,
)
from anlan.engines.tasks.api import activate
from anlan.kernel import clock

WHOLE = NumberRule("", Decimal(0), Decimal(9999), 0)
KINDS = ("灭火器", "消火栓", "应急照明", "视频监控")
COLUMNS = (("B", "室内数量"), ("C", "室外数量"), ("D", "完好数"))
LINE = {"left": "thin", "right": "thin", "top": "thin", "bottom": "thin", "vertical": "center", "size": "11"}
LOOKS = (
    Look(bold=True, size="16", horizontal="center", vertical="center"),
    Look(**LINE, bold=True, horizontal="center", wrap=True, fill="#E4EEF2"),  # type: ignore[arg-type]
    Look(**LINE),  # type: ignore[arg-type]
    Look(**LINE, horizontal="right", format="0"),  # type: ignore[arg-type]
    Look(**LINE, horizontal="right", format="0.00%"),  # type: ignore[arg-type]
)
TITLE, HEAD, WORDS, NUMBER, RATE = range(5)


def facilities() -> tuple[Form, Layout]:
    """Safety facilities: two header rows, sums and rates by formula."""
    spots = [Spot("A1", TITLE, "学校安全设施统计表"), Spot("A2", HEAD, "设施"), Spot("B2", HEAD, "数量"),
             Spot("C2", HEAD), Spot("A3", HEAD), Spot("D2", HEAD, "完好"), Spot("E2", HEAD),
             Spot("B3", HEAD, "室内"), Spot("C3", HEAD, "室外"), Spot("D3", HEAD, "完好数"),
             Spot("E3", HEAD, "完好率")]  # fmt: skip
    asked: list[Question] = []
    last = 3 + len(KINDS)
    for row, name in enumerate(KINDS, 4):
        spots += [
            Spot(f"A{row}", WORDS, name),
            *(Spot(f"{c}{row}", NUMBER) for c in "BCD"),
            Spot(f"E{row}", RATE),
        ]
        for column, words in COLUMNS:
            rule = Filling(total="sum")
            asked.append(Question(f"{column}{row}", "number", f"{name}：{words}", number=WHOLE, filling=rule))
        asked.append(
            _computed(f"E{row}", f"{name}：完好率", f"IF(B{row}+C{row}=0,0,ROUND(D{row}/(B{row}+C{row}),4))")
        )
    row = last + 1
    spots += [
        Spot(f"A{row}", HEAD, "合计"),
        *(Spot(f"{c}{row}", NUMBER) for c in "BCD"),
        Spot(f"E{row}", RATE),
    ]
    asked += [_computed(f"{c}{row}", f"合计：{words}", f"SUM({c}4:{c}{last})") for c, words in COLUMNS]
    asked.append(
        _computed(f"E{row}", "合计：完好率", f"IF(B{row}+C{row}=0,0,ROUND(D{row}/(B{row}+C{row}),4))")
    )
    spots += [Spot(f"A{row + 1}", HEAD, "学校"), *(Spot(f"{c}{row + 1}", WORDS) for c in "BC"),
              Spot(f"D{row + 1}", HEAD, "在校学生"), Spot(f"E{row + 1}", NUMBER),
              Spot(f"A{row + 2}", HEAD, "说明"), *(Spot(f"{c}{row + 2}", WORDS) for c in "BCDE")]  # fmt: skip
    asked += [
        Question(f"B{row + 1}", "text", "学校", filling=Filling(known="unit_name", fixed=True)),
        Question(
            f"E{row + 1}",
            "number",
            "在校学生",
            number=WHOLE,
            filling=Filling(known="school_pupils", total="sum"),
        ),
        Question(f"B{row + 2}", "long_text", "说明", required=False, filling=Filling(total="list")),
    ]
    merges = ("A1:E1", "A2:A3", "B2:C2", "D2:E2", f"B{row + 1}:C{row + 1}", f"B{row + 2}:E{row + 2}")
    heights = ("32", "20", "20", *("20" for _ in KINDS), "20", "20", "48")
    layout = Layout("安全设施", ("16", "11", "11", "11", "11"), heights, merges, LOOKS, tuple(spots))
    return Form((Section("安全设施", tuple(asked)),)), layout


def guards() -> tuple[Form, Layout]:
    """Guards and boarding, filled in beforehand from the school's profile."""
    rows = (
        ("专职保安（人）", "school_guards"),
        ("住校生（人）", "school_boarders"),
        ("教职工（人）", "school_staff"),
    )
    spots = [
        Spot("A1", TITLE, "安保人员与住校情况表"),
        Spot("A2", HEAD, "项目"),
        Spot("B2", HEAD, "人数"),
        Spot("C2", HEAD, "备注"),
    ]
    asked = []
    for row, (title, known) in enumerate(rows, 3):
        spots += [Spot(f"A{row}", WORDS, title), Spot(f"B{row}", NUMBER), Spot(f"C{row}", WORDS)]
        asked.append(
            Question(f"B{row}", "number", title, number=WHOLE, filling=Filling(known=known, total="sum"))
        )
        asked.append(Question(f"C{row}", "text", f"{title}：备注", required=False))
    layout = Layout(
        "安保住校", ("24", "12", "30"), ("32", "20", "20", "20", "20"), ("A1:C1",), LOOKS, tuple(spots)
    )
    return Form((Section("安保住校", tuple(asked)),)), layout


def _computed(at: str, words: str, formula: str) -> Question:
    rule = Filling(formula=formula, total="formula")
    number = NumberRule("", None, None, 4) if "完好率" in words else None
    return Question(at, "computed", words, required=False, number=number, filling=rule)


@demo_step("custom_forms.collections", "数据填报", order=40)
def load_collections(world: World) -> None:
    """Both layouts in use; the first issued to the county's schools a week ago."""
    county, made = world.units["county"], []
    for title, (form, layout) in (("学校安全设施统计表", facilities()), ("安保人员与住校情况表", guards())):
        definition = add_form(
            LOADER,
            county,
            form=form,
            layout=to_json(layout),
            title=title,
            subject="数据填报",
            explanation="按实际情况填写",
        )
        made.append((definition, publish(LOADER, definition)))
    bureau = world.accounts["bureau"]
    plan = CollectionPlan(
        org=county, title="2026 年秋季安全设施统计", form=made[0][0], note="9 月底前的实有数，报废的不计。",
        starts_on=world.today, ends_on=world.today + timedelta(days=5), created_by=bureau,
        audience_said={"whole": True},
    )  # fmt: skip
    create(LOADER, plan)
    change(LOADER, plan, {"form_version": made[0][1]}, action="fix_version")
    activate(LOADER, plan)
    _fill(world, plan)


def _fill(world: World, plan: CollectionPlan) -> None:
    """Of every ten schools six hand in, one is sent back, one has a draft; some are late."""
    rows = (
        Collection.objects.unscoped()
        .filter(round__plan=plan)
        .select_related("org", "round__plan__form_version")
    )
    own = world.accounts["school-safety"].unit
    for number, task in enumerate(rows.order_by("org__path")[:60]):
        people = [person.account for person in world.staff.get(task.org_id, []) if person.account]
        if number % 10 > 7 or task.org == own or not people:
            continue
        actor = Actor(people[0], "演示数据", LOADER.channel)
        response = open_sheet(actor, task)
        save_answers(actor, response, _answers(world))
        if number % 10 == 7:
            continue
        if number % 15 == 4:
            change(LOADER, task, {"due_at": clock.now() - timedelta(hours=3)}, action="extend")
        submit(actor, response)
        if number % 10 == 6:
            task.refresh_from_db()
            send_back(
                Actor(world.accounts["bureau"], "演示数据", LOADER.channel), task, "完好数多于总数，请核对"
            )


def _answers(world: World) -> list[AnswerIn]:
    said: list[Any] = []
    for row in range(4, 4 + len(KINDS)):
        inside, outside = world.rng.randint(4, 60), world.rng.randint(0, 20)
        whole = inside + outside - world.rng.choice((0, 0, 0, 1, 2))
        said += [(f"B{row}", inside), (f"C{row}", outside), (f"D{row}", whole)]
    return [AnswerIn(at, str(number)) for at, number in said]
