"""Contracts: records."""

from datetime import UTC, datetime

from anlan.shell.parts import Action, Attachment, Event, Fact, Person, Photo, Stage
from tests.shell.contracts.case import Case

LINK = Action("登记隐患", "/new/", "primary", "plus")
CASES = {
    "facts": Case(
        '<c-facts :facts="f" />',
        ["<dl", "<dt>备注</dt><dd>未填</dd>", "is-wide"],
        {"f": [Fact("备注", ""), Fact("问题", "长", True)]},
    ),
    "steps": Case(
        '<c-steps :stages="s" label="闭环进度" />',
        ['aria-label="闭环进度"', 'aria-current="step"', "周敏", "10-13 15:20", "已完成"],
        {"s": [Stage("核实", "past", "10-13 15:20", "周敏"), Stage("复查", "now"), Stage("销号")]},
    ),
    "log": Case(
        '<c-log :events="e" />',
        ["提交复查", "何静", "手机", "<time datetime=", "is-review"],
        {
            "e": [
                Event(
                    "提交复查", "何静", datetime(2026, 10, 17, 8, 5, tzinfo=UTC), "换好了", "手机", "review"
                )
            ]
        },
    ),
    "person": Case(
        '<c-person :person="p" /><c-person :person="q" />',
        ['href="tel:138"', 'aria-label="打电话给何静"', "138****0206"],
        {"p": Person("何静", "总务主任", "138****0206", "tel:138"), "q": Person("王海平")},
        hasnt=["打电话给王海平"],
    ),
    "next_action": Case(
        '<c-next-action title="请您复查" text="今天 17:00 截止">表</c-next-action>',
        ['aria-labelledby="act-h"', "请您复查", "今天 17:00 截止"],
    ),
    "photo_pair": Case(
        '<c-photo-pair :photos="p" />',
        ['alt="灶台前"', "10-13 09:38", "定位吻合", "第二组", "1 / 2", 'width="640"', 'loading="lazy"'],
        {
            "p": [
                Photo(
                    "/a.jpg", "灶台前", "整改前", "10-13 09:38", "定位吻合", "第二组", "1 / 2", "/a-full.jpg"
                )
            ]
        },
    ),
    "photo_viewer": Case("<c-photo-viewer />", ["<dialog", 'aria-label="照片"', "关闭"]),
    "evidence_viewer": Case(
        '<c-evidence-viewer :files="f" pages="第 1 / 6 页" :cite="True" cite_target="reason">页</c-evidence-viewer>',
        ['aria-pressed="true"', 'hx-get="/preview/"', "引用本页", 'aria-label="材料预览"', 'rel="noopener"'],
        {"f": [Attachment("登记表.pdf", "/f/", "6 页", preview="/preview/", current=True)]},
    ),
    "quote": Case('<c-quote text="原话" />', ["<blockquote", "原话"]),
    "print_sheet": Case(
        '<c-print-sheet title="问题隐患清单" unit="城南实验小学" number="YH-1" :facts="f" :signs="s" />',
        ["问题隐患清单", "编号 YH-1", '<th scope="row">备注</th><td>未填</td>', "检查人：＿"],
        {"f": [Fact("备注", "")], "s": ["检查人"]},
    ),
    "action_bar": Case(
        '<c-action-bar :actions="a" />', ["al-actbar al-only-m", "btn-lg", "登记隐患"], {"a": [LINK]}
    ),
    "conflict": Case(
        '<c-conflict :conflict="c" />',
        ['role="alert"', "林建国的", "您的", 'class="al-diff">10-24', "在他的基础上保存"],
        {
            "c": {
                "title": "2 分钟前被林建国改过",
                "who": "林建国",
                "rows": [{"label": "期限", "theirs": "10-22", "yours": "10-24", "differs": True}],
                "keep": Action("在他的基础上保存", "/keep/"),
            }
        },
    ),
    "drawer": Case(
        '<c-drawer id="d" title="仪器设备值" />',
        ["offcanvas", 'aria-labelledby="d-t"', 'id="d-body"', 'aria-label="关闭"'],
    ),
}
