"""Invented data of the gallery; the county, schools and people do not exist."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from anlan.kernel import clock
from anlan.shell.frame import Account, Badge, Group, Identity, Link, Place, Spot
from anlan.shell.navigation import Area, Page
from anlan.shell.parts import (
    Action,
    Choice,
    Crumb,
    Event,
    Fact,
    Filter,
    Person,
    Photo,
    Stage,
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
CRUMBS = [Crumb("隐患台账", "/gallery/list/"), Crumb("YH-26-1041")]
STAGES = [
    Stage("发现上报", "past", "10-13 09:40", "专项检查第二组"),
    Stage("核实定级", "past", "10-13 15:20", "周敏"),
    Stage("学校整改", "past", "10-17 16:05", "何静·用时 4 天"),
    Stage("复查", "now", "期限今天 17:00", "等您处理"),
    Stage("销号归档"),
]
PEOPLE = [
    Person("何静", "整改责任人·总务主任", "138****0206", "tel:000"),
    Person("王海平", "学校第一责任人·校长", phone_url="tel:000"),
    Person("沈国华", "责任督学"),
]
FACTS = [
    Fact(
        "问题",
        "操作间 2 个可燃气体探头中 1 个失灵，报警信号未接入值班室，燃气总阀联锁无法触发。",
        wide=True,
    ),
    Fact(
        "整改措施",
        "更换探头并重新标定；信号线穿管接入值班室主机；联锁切断试验 3 次均正常，试验记录已上传。",
        wide=True,
    ),
    Fact("发现方式", "秋季消防专项检查第 17 项"),
    Fact("依据", "燃气报警装置检查标准"),
    Fact("整改期限", "2026-10-20 17:00（已延期 1 次）"),
    Fact("整改经费", "2,860 元"),
    Fact("备注", ""),
]


def events() -> list[Event]:
    """The record of acts of the sample."""
    now = clock.now()
    return [
        Event(
            "提交复查",
            "何静，总务主任",
            now - timedelta(days=3),
            "探头已更换并标定，联锁试验正常，请局里复查。",
            "手机",
            "review",
        ),
        Event(
            "申请延期，已同意",
            "周敏",
            now - timedelta(days=4),
            "配件到货晚 1 天，期间停用 2 号灶。",
            "",
            "doing",
        ),
        Event(
            "督办提醒",
            "系统",
            now - timedelta(days=4, hours=2),
            "距期限不足 48 小时，已发站内消息和短信。",
            "系统",
            "late",
        ),
        Event(
            "发现上报",
            "专项检查第二组",
            now - timedelta(days=7),
            "现场检查第 17 项不合格，拍照 2 张。",
            "手机",
            "idle",
        ),
    ]


def photos(url: str) -> list[Photo]:
    """Two sample photos."""
    return [
        Photo(
            url,
            "整改前：操作间灶台上方探头指示灯熄灭",
            "整改前",
            "10-13 09:38",
            "定位吻合",
            "第二组",
            "1 / 2",
            url,
        ),
        Photo(
            url,
            "整改后：新探头绿灯常亮",
            "整改后",
            "10-17 15:52",
            "定位吻合",
            "何静",
            "1 / 3",
            url,
        ),
    ]


def frame(request: HttpRequest, side: bool = True) -> dict[str, object]:
    """A frame with invented navigation, so that the gallery looks like the product."""

    def place(title: str, count: int = 0, current: bool = False) -> Place:
        return Place(title, "/gallery/", current, Badge(count))

    path = request.path
    groups = [
        Group(
            "日常",
            (
                place("安全巡查", 6),
                place("专项检查", 2),
                place("随手报"),
                place("值班与零报告"),
            ),
        ),
        Group(
            "闭环",
            (
                place("隐患台账", 12, current=True),
                place("督办", 3),
                place("突发事件", 1),
            ),
        ),
        Group(
            "底数",
            (
                place("学校档案"),
                place("人防力量"),
                place("消防设施"),
                place("证照到期", 5),
            ),
        ),
        Group("提升", (place("应急预案与演练"), place("法规标准库"), place("统计分析"))),
    ]
    return {
        "unit": "澜江县教育局",
        "account": Account(
            "周敏",
            "澜江县教育局",
            "校园安全科",
            (Identity("秋季消防检查，第二组组长", "#", "2"),),
        ),
        "unread": 4,
        "phone": "000",
        "layout": "frame.html",
        "links": {
            "search": Link("search", "搜索", "/gallery/list/", "搜学校、隐患、通知、人员"),
            "messages": Link("messages", "消息", "/gallery/"),
            "profile": Link("profile", "我的资料", "/gallery/"),
            "display": Link("display", "显示与字号", "/gallery/"),
            "sign_out": Link("sign_out", "退出登录", "/gallery/"),
        },
        "area": Area("safety", "校园安全", "shield-check"),
        "here": Page("safety", "闭环", "隐患台账", "/gallery/list/"),
        "side": groups if side else [],
        "rail": [
            Spot(
                "工作台",
                "layout-dashboard",
                "/gallery/workbench/",
                path.endswith("workbench/"),
            ),
            Spot("校园安全", "shield-check", "/gallery/list/", side, 3),
            Spot("评估督导", "clipboard-check", "/gallery/", False),
            Spot("办学监测", "chart-histogram", "/gallery/", False),
            Spot("招生入学", "school", "/gallery/", False),
            Spot("设置", "settings", "/gallery/", False, foot=True),
        ],
        "tabs": [
            Spot("工作台", "home", "/gallery/workbench/", path.endswith("workbench/")),
            Spot("待办", "list-check", "/gallery/list/", side, 3),
            Spot("随手报", "camera", "/gallery/check/", False, raised=True),
            Spot("学校", "school", "/gallery/", False),
            Spot("我的", "user", "/gallery/", False),
        ],
    }
