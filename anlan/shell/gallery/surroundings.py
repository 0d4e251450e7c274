"""A frame with invented navigation for the gallery."""

from django.http import HttpRequest

from anlan.shell.navigation import Area, Page
from anlan.shell.places import Group, Place, Spot
from anlan.shell.providers import Account, Badge, Identity, Link


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
