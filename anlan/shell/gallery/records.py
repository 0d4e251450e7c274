"""Invented data of the sample record."""

from datetime import timedelta

from anlan.kernel import clock
from anlan.shell.parts import Crumb, Event, Fact, Person, Photo, Stage

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
