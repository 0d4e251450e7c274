"""Invented data of the gallery; the county, schools and people do not exist."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.kernel import clock
from anlan.shell.parts import (
    Action,
    Choice,
    Filter,
    View,
)
from anlan.shell.rows import Column


@dataclass(frozen=True)
class Hazard:
    """A row of the sample list."""

    pk: int
    title: str
    place: str
    code: str
    school: str
    town: str
    grade: int
    state: tuple[str, str]
    deadline: datetime
    owner: str
    source: str


def _row(pk: int, days: float, grade: int, state: tuple[str, str], words: str) -> Hazard:
    title, place, school, town, owner, source = words.split("|")
    deadline = clock.now() + timedelta(days=days)
    return Hazard(
        pk,
        title,
        place,
        f"YH-26-{pk}",
        school,
        town,
        grade,
        state,
        deadline,
        owner,
        source,
    )


def hazards() -> list[Hazard]:
    """Rows of the sample list."""
    late, review, doing = (
        ("late", "整改逾期"),
        ("review", "待复查"),
        ("doing", "整改中"),
    )
    return [
        _row(
            1043,
            -2,
            1,
            late,
            "教学楼二层东侧疏散通道堆放课桌椅|消防安全·教学楼 2 层|青石镇中心小学|青石镇|陈晓岚|日常巡查",
        ),
        _row(
            1042,
            -1,
            1,
            late,
            "围墙北段外倾，已拉警戒线|建筑设施·北围墙|石桥小学|石桥镇|赵立新|随手报",
        ),
        _row(
            1041,
            0.2,
            2,
            review,
            "食堂燃气报警器探头失灵|食堂食品·操作间|城南实验小学|城关街道|何静|专项检查",
        ),
        _row(
            1039,
            1,
            2,
            doing,
            "校门防冲撞升降柱无法升起|技防设备·正门|白沙镇中学|白沙镇|黄志强|学校自查",
        ),
        _row(
            1038,
            3,
            2,
            review,
            "女生宿舍 3 号楼应急照明灯 6 处不亮|宿舍管理·3 号楼|云溪初级中学|云溪镇|苏敏华|专项检查",
        ),
        _row(
            1037,
            4,
            2,
            ("back", "退回重改"),
            "实验室危化品柜双人双锁未执行|危化品·化学准备室|澜江县第一中学|城关街道|吴海涛|专项检查",
        ),
        _row(
            1036,
            5,
            3,
            ("todo", "待整改"),
            "户外攀爬架螺栓松动，缓冲地垫破损|设施设备·操场|望江幼儿园|城关街道|刘芳|日常巡查",
        ),
        _row(
            1035,
            6,
            3,
            doing,
            "走廊外窗开启角度过大，无限位器|建筑设施·教学楼 4 层|城北小学|城关街道|谢文杰|学校自查",
        ),
        _row(
            1034,
            7,
            3,
            doing,
            "校车 3 号车安全锤缺失 1 把|校车交通·3 号车|育英学校|青石镇|郑国栋|日常巡查",
        ),
        _row(
            1033,
            8,
            4,
            ("idle", "待核实"),
            "食堂后厨防蝇帘破损|食堂食品·后厨|白沙镇中心幼儿园|白沙镇|林秀英|随手报",
        ),
        _row(
            1032,
            -5,
            4,
            ("done", "已销号"),
            "消火栓箱门变形|消防设施·综合楼|石桥小学|石桥镇|赵立新|学校自查",
        ),
    ]


COLUMNS = [
    Column("title", "问题", "title", note=lambda h: h.place),
    Column("code", "编号", "meta", on_phone="hide"),
    Column("school", "学校", note=lambda h: h.town),
    Column("grade", "等级", "risk", on_phone="inline", sort="grade"),
    Column("state", "状态", "chip", on_phone="inline"),
    Column(
        "deadline",
        "期限",
        "due",
        on_phone="end",
        sort="deadline",
        closed=lambda h: h.state[0] == "done",
    ),
    Column("owner", "整改责任人", on_phone="hide"),
    Column("source", "来源", "meta", on_phone="hide"),
]
VIEWS = [
    View("全部", "?view=all", 128),
    View("未销号", "?view=open", 37, current=True),
    View("待我处理", "?view=mine", 12),
    View("逾期", "?view=late", 3, late=True),
    View("重大与较大", "?view=grave", 9),
    View("本周到期", "?view=week", 8),
]
FILTERS = [
    Filter(
        "town",
        "镇街",
        [Choice("1", "青石镇", checked=True), Choice("2", "白沙镇", checked=True)],
        "已选 2 个",
    ),
    Filter(
        "type",
        "学校类型",
        [Choice("a", "小学"), Choice("b", "初中"), Choice("c", "幼儿园")],
    ),
    Filter("grade", "等级", [Choice(str(n), "", grade=n) for n in (1, 2, 3, 4)]),
    Filter(
        "state",
        "状态",
        [Choice("open", "未销号", checked=True), Choice("done", "已销号")],
        "未销号",
        False,
    ),
    Filter("due", "期限", kind="range"),
]
VERBS = [
    Action(
        "督办",
        post="#",
        icon="speakerphone",
        name="verb",
        value="urge",
        confirm="督办 2 条隐患",
        effect="会给 2 位校长发短信。",
    ),
    Action("改派", post="#", icon="user-share", name="verb", value="reassign"),
    Action("延期", post="#", icon="calendar-time", name="verb", value="extend"),
    Action("打印", post="#", icon="printer", name="verb", value="print"),
]
EXPORTS = [
    Action("当前筛选（Excel，37 条）", "#"),
    Action("勾选的（Excel）", "#"),
    Action("四清单打印稿（PDF）", "#"),
]
