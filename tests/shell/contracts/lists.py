"""Contracts: lists and tables."""

from datetime import timedelta

from django.utils.safestring import SafeString

from anlan.kernel import clock
from anlan.shell.parts import Action, Choice, Filter, Item, Task, TaskGroup, View
from anlan.shell.rows import Column
from anlan.shell.tables import Head, Number, PageWords, Table
from tests.shell.contracts.case import Case

TABLE = Table(
    "未销号隐患",
    [
        Head("title", "问题"),
        Head("due", "期限", url="?sort=-due", direction="ascending"),
        Head("n", "数", True),
    ],
    SafeString("<tr><td>一</td></tr>"),
    [Column("title", "问题", "title"), Column("due", "期限", "due", shown=False)],
    selectable=True,
)
CASES = {
    "queue": Case(
        '<c-queue :groups="g" />',
        ["已逾期 1", 'href="/r/"', 'aria-label="督办：围墙外倾"', "逾期 3 天"],
        {
            "g": [
                TaskGroup(
                    "已逾期",
                    [Task("围墙外倾", "/r/", grade=1, deadline=clock.now() - timedelta(days=3), verb="督办")],
                    "late",
                )
            ]
        },
    ),
    "list_card": Case(
        '<c-list-card title="通知" :items="i" /><c-list-card title="空的" :items="e" empty="没有通知" />',
        ['href="/n/"', "4 校未阅", "没有通知"],
        {"i": [Item("防汛", "/n/", side="4 校未阅")], "e": []},
    ),
    "segmented": Case(
        '<c-segmented :choices="c" label="学段" />',
        ['aria-label="学段"', 'aria-current="true"'],
        {"c": [View("小学", "?a", current=True)]},
    ),
    "tabs": Case(
        '<c-tabs :views="v" label="栏目" />',
        ['aria-label="栏目"', 'aria-current="true"'],
        {"v": [View("基本", "?a", current=True)]},
    ),
    "view_tabs": Case(
        '<c-view-tabs :views="v" save_url="/save/" />',
        ['href="?view=late"', "is-late", "存为视图", 'aria-current="true"'],
        {"v": [View("逾期", "?view=late", 3, late=True), View("全部", "?", 128, current=True)]},
    ),
    "filter_pill": Case(
        '<c-filter-pill :filter="f" />',
        ["is-set", "状态：未销号", 'name="state" value="open" checked', "<legend"],
        {"f": Filter("state", "状态", [Choice("open", "未销号", checked=True)], "未销号")},
    ),
    "filter_bar": Case(
        '<c-filter-bar :filters="f" q="门" q_label="搜索隐患" :keep="k" />',
        [
            'method="get"',
            'value="门"',
            'for="q">搜索隐患',
            'type="hidden" name="view" value="late"',
            "hx-push-url",
        ],
        {"f": [Filter("state", "状态", [Choice("open", "未销号")])], "k": [("view", "late")]},
    ),
    "data_table": Case(
        '<c-data-table :table="t" /><c-data-table :table="e" id="none">没有记录</c-data-table>',
        [
            "<caption",
            'scope="col"',
            'aria-sort="ascending"',
            "al-table--stack",
            'aria-label="全选本页"',
            "没有记录",
        ],
        {"t": TABLE, "e": Table("空", [], SafeString(""))},
    ),
    "column_chooser": Case(
        '<c-column-chooser :columns="c" save_url="/columns/" />',
        ['value="due"', 'hx-post="/columns/"', "紧凑"],
        {"c": TABLE.columns},
        hasnt=['value="due" checked', 'value="title"'],
    ),
    "bulk_bar": Case(
        '<c-bulk-bar :verbs="v" :total="37" />',
        ["选中全部 37 条", 'formaction="/urge/"', 'form="bulk"', 'aria-label="取消选择"', 'x-show="some"'],
        {"v": [Action("督办", post="/urge/", name="verb", value="urge")]},
    ),
    "pager": Case(
        '<c-pager :page="p" />',
        ["第 1–20 条，共 128 条", 'aria-label="分页"', 'aria-current="page"', 'rel="next"'],
        {"p": PageWords("第 1–20 条，共 128 条", next="?page=2", numbers=[Number(1, "?page=1", True)])},
    ),
    "export_menu": Case(
        '<c-export-menu :choices="c" />',
        ["导出会留痕", 'href="/x/"', "128 条"],
        {"c": [Action("Excel，128 条", "/x/")]},
    ),
    "read_receipts": Case(
        '<c-read-receipts :read="42" :total="46" :unread="u" :remind="r" />',
        ["42", "46", "石桥小学", "催办 4 校"],
        {"u": [Item("石桥小学")], "r": Action("催办 4 校", post="/remind/")},
    ),
    "import_wizard": Case(
        '<c-import-wizard step="2" :counts="c" :problems="p" confirm_url="/go/" problems_url="/bad.xlsx" />',
        ['aria-current="step"', "12</b> 行有问题", "少 4 位", "下载问题清单", "不会只导入一部分"],
        {
            "c": {"total": 1204, "good": 1192, "bad": 12},
            "p": [{"row": 17, "column": "身份证号", "value": "3505", "text": "少 4 位"}],
        },
        hasnt=["导入 1,192 行"],
    ),
}
