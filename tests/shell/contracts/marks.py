"""Contracts: marks, buttons, heads and banners."""

from datetime import timedelta

from anlan.kernel import clock
from anlan.shell.parts import Action, Crumb
from tests.shell.contracts.case import Case

SAVE = Action("下达整改", post="/save/", kind="primary", confirm="下达给 2 校", effect="会发短信。")
LINK = Action("登记隐患", "/new/", "primary", "plus")
CASES = {
    "icon": Case('<c-icon name="bell" />', ["#bell", 'aria-hidden="true"'], hasnt=["aria-label"]),
    "chip": Case('<c-chip tone="review" word="待复查" />', ["al-chip is-review", "待复查"]),
    "risk": Case('<c-risk grade="2" />', ["al-risk is-2", "等级：", "较大"]),
    "due": Case(
        '<c-due :deadline="d" />',
        ["逾期 3 天", "is-late", "title="],
        {"d": clock.now() - timedelta(days=3)},
    ),
    "badge": Case('<c-badge :n="120" meaning="项逾期" />', ["99+", "项逾期", "visually-hidden"]),
    "button": Case(
        '<c-button label="打印" icon="printer" :only_icon="True" />'
        '<c-button label="保存" :is_busy="True" busy="正在保存…" />',
        ['aria-label="打印"', "btn-icon", "disabled", "正在保存…"],
    ),
    "action": Case(
        '<c-action :action="a" /><c-action :action="b" />',
        [
            'method="post" action="/save/"',
            'data-al-confirm="下达给 2 校"',
            'data-al-verb="下达整改"',
            "csrfmiddlewaretoken",
            'href="/new/"',
        ],
        {"a": SAVE, "b": LINK},
    ),
    "back": Case(
        '<c-back :crumbs="c" />',
        ['href="/l/"', 'aria-label="返回台账"'],
        {"c": [Crumb("台账", "/l/"), Crumb("一")]},
    ),
    "crumbs": Case(
        '<c-crumbs :crumbs="c" />',
        ['aria-label="位置"', 'href="/l/"', '<li aria-current="page">一</li>'],
        {"c": [Crumb("台账", "/l/"), Crumb("一")]},
    ),
    "page_head": Case(
        '<c-page-head title="隐患台账" lede="共 3 条" :actions="a" />',
        ["<h1>隐患台账</h1>", "共 3 条", "btn-primary"],
        {"a": [LINK]},
    ),
    "card": Case('<c-card title="问题" id="x">内容</c-card>', ['aria-labelledby="x"', 'id="x">问题', "内容"]),
    "banner": Case(
        '<c-banner tone="late" strong="错误" text="没存上" /><c-banner tone="done" text="好了" />',
        ["is-late", 'role="alert"', "没存上", 'role="status"', "<svg"],
    ),
    "toast": Case(
        '<c-toast text="已督办 2 条" undo="/undo/" />',
        ["已督办 2 条", 'hx-post="/undo/"', "撤销", 'aria-label="关闭提示"'],
    ),
    "offline_bar": Case(
        '<c-offline-bar :waiting="6" />', ['role="status"', "6</b> 项", "有网后自动上传"], hasnt=[" hidden"]
    ),
    "dialog_confirm": Case(
        "<c-dialog-confirm />", ["<dialog", 'aria-labelledby="confirm-t"', "先不办"], hasnt=["确定"]
    ),
}
