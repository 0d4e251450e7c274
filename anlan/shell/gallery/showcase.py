"""Data of the page that shows every component."""

from datetime import timedelta
from typing import Any

from django.templatetags.static import static

from anlan.kernel import clock
from anlan.shell import charts, trends
from anlan.shell.gallery import samples
from anlan.shell.gallery.data import PHOTO, sample
from anlan.shell.gallery.forms import NoticeForm
from anlan.shell.parts import Action, Item, View

PAGES = (
    ("工作台", "workbench/"),
    ("台账", "list/"),
    ("台账，没有结果", "list/?none"),
    ("详情", "record/"),
    ("填报", "form/"),
    ("填报，有错误", "form/?wrong"),
    ("现场检查", "check/"),
    ("评分", "review/"),
    ("监测热力表", "matrix/"),
    ("统计分析", "analysis/"),
    ("大屏", "wall/"),
    ("导入，上传", "import/1/"),
    ("导入，核对", "import/2/"),
    ("导入，完成", "import/3/"),
    ("通知", "notice/"),
    ("后台任务", "job/"),
    ("设置", "settings/"),
    ("家长报名", "wizard/"),
    ("报名进度", "progress/"),
    ("登录", "login/"),
    ("打印", "print/"),
)


def showcase() -> dict[str, Any]:
    """Everything the components page shows."""
    return {**_marks(), **_numbers(), **_records(), **_inputs(), **_states()}


def _marks() -> dict[str, Any]:
    return {
        "pages": [Item(title, f"/gallery/{path}") for title, path in PAGES],
        "tones": [
            ("idle", "草稿"),
            ("todo", "待整改"),
            ("doing", "整改中"),
            ("review", "待复查"),
            ("done", "已销号"),
            ("late", "逾期"),
            ("back", "退回"),
        ],
        "grades": [1, 2, 3, 4],
        "deadlines": [clock.now() + timedelta(days=days) for days in (-2, 0.01, 5)],
        "results": sample("check")["items"][2]["options"],
        "switches": [View("小学", "?a", current=True), View("初中", "?b")],
        "exports": samples.EXPORTS,
        "banners": [
            ("doing", "说明", "只影响当前页面，可以关闭。"),
            ("todo", "提醒", "还有 5 天到期。"),
            ("late", "错误", "没有保存上，请再试一次。"),
            ("done", "完成", "186 校已全部确认。"),
        ],
    }


def _numbers() -> dict[str, Any]:
    return {
        "stats": sample("workbench")["stats"],
        "ranks": sample("workbench")["ranks"][0]["rows"],
        "marks": [charts.Mark(1700, "85% 线 1,700", "m85"), charts.Mark(2000, "标准 2,000")],
        "years": [("2023", 1180), ("2024", 1265), ("2025", 1390), ("2026", 1420)],
        "standard": (2000, "标准 2,000"),
        "trend": (43, 41, 42, 38, 37, 35, 36, 31),
        "ticks": ["5 月", "6 月", "7 月", "8 月"],
        "series": [trends.Series("新发现", (18, 22, 9, 6)), trends.Series("销号", (15, 20, 14, 8))],
        "points": sample("wall")["map"]["points"],
    }


def _inputs() -> dict[str, Any]:
    chosen = [{"value": 1, "label": "何静 总务主任"}]
    return {
        "people": chosen,
        "towns": [Action("青石镇 8 校"), Action("白沙镇 11 校")],
        "files": [{"id": "1", "name": "通道照片", "url": static(PHOTO), "note": "已上传"}],
        "editor": NoticeForm(auto_id="notice_%s"),
        "schools": {"id": "to", "name": "to", "url": "/gallery/people/", "chosen": [], "towns": []},
    }


def _records() -> dict[str, Any]:
    record = sample("record")
    rows = [[1, "探头失灵", "10-20"], [2, "应急灯不亮", "10-23"]]
    return {
        **record,
        "person": record["people"][0],
        "sheet": {"head": ["序号", "问题", "期限"], "rows": rows},
        "signs": ["检查人", "学校负责人"],
        "legend": sample("matrix")["legend"],
        "unread": [Item("石桥小学", note="赵立新")],
        "remind": Action("催办 4 校", post="#", icon="bell"),
    }


def _states() -> dict[str, Any]:
    return {
        "create": Action("新建检查任务", "#", "primary", "plus"),
        "job": sample("job"),
        "conflict": {
            "title": "这条隐患 2 分钟前被林建国改过",
            "who": "他",
            "rows": [
                {"label": "期限", "theirs": "10-22", "yours": "10-24", "differs": True},
                {"label": "责任人", "theirs": "何静", "yours": "何静"},
            ],
            "keep": Action("在他的基础上保存我的期限", "#", "primary"),
            "drop": Action("放弃我的", "#", "quiet"),
        },
    }
