"""Pages of the gallery."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.shell import charts
from anlan.shell.gallery import samples, surroundings
from anlan.shell.gallery.data import sample
from anlan.shell.gallery.forms import SECTIONS, HazardForm, ReviewForm
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block
from anlan.shell.rows import compile_rows
from anlan.shell.tables import Table, heads, numbered_pages

View = Callable[..., HttpResponse]
render_rows = compile_rows(samples.COLUMNS, lambda row: f"/gallery/record/?{row.pk}", selectable=True)


def public(view: View) -> View:
    """Open the page to people who are not signed in; the identity engine looks at this mark."""
    view.anlan_public = True  # type: ignore[attr-defined]
    return view


@public
def list_page(request: HttpRequest) -> HttpResponse:
    """The list page; ``?none`` shows no rows."""
    rows = [] if "none" in request.GET else samples.hazards()
    columns = samples.COLUMNS
    context = {
        "frame": surroundings.frame(request),
        "title": "隐患台账",
        "lede": "本学期共 128 条，未销号 37 条，其中 3 条逾期；按期销号率 94.6%。",
        "actions": [Action("登记隐患", "/gallery/form/", "primary", "plus")],
        "export": samples.EXPORTS,
        "views": samples.VIEWS,
        "save_view_url": "#",
        "filters": samples.FILTERS,
        "set_count": 2,
        "q_hint": "问题、学校、编号",
        "q_label": "搜索隐患",
        "q": request.GET.get("q", ""),
        "table": Table(
            "未销号隐患，按期限排序",
            heads(request, columns, request.GET.get("sort", "deadline")),
            render_rows(rows),
            columns,
            selectable=True,
        ),
        "page": numbered_pages(request, 1, 20, 37, len(rows)),
        "verbs": samples.VERBS,
        "total": 37,
        "empty": {
            "title": "没有符合条件的隐患",
            "text": "当前条件：白沙镇、重大、待复查。",
            "action": Action("清除条件", "/gallery/list/"),
        },
    }
    return render_block(request, "shell/list.html", "rows", context)


@public
def record_page(request: HttpRequest) -> HttpResponse:
    """The record page with the box of the person in turn."""
    data = sample("record")
    context: dict[str, Any] = {
        **data,
        "frame": surroundings.frame(request),
        "title": "食堂燃气报警器探头失灵",
        "phone_title": "隐患详情",
        "number": "YH-26-1041",
        "grade": 2,
        "tone": "review",
        "state": "待复查",
        "subtitle": "城南实验小学·食堂操作间·食堂食品",
        "actions": [
            Action(
                "打印四清单",
                kind="quiet",
                icon="printer",
                only_icon=True,
                attrs={"data-al-print": True},
            ),
            Action("延期", "#", icon="calendar-time"),
            Action(
                "督办",
                post="#",
                icon="speakerphone",
                confirm="督办这条隐患",
                effect="会给校长和责任人发短信。",
            ),
        ],
        "photos_title": "整改前后",
        "sections": [{"title": "问题与措施", "id": "facts-h", "facts": data["facts"]}],
        "turn": {
            "title": "请您复查",
            "text": "今天 17:00 截止。合格即销号，不合格退回学校继续整改。",
            "ring": charts.ring(0.28, "6:40", "小时", "距期限 6 小时 40 分", "todo"),
            "form": ReviewForm(auto_id="turn_%s"),
            "post": "#",
            "buttons": [
                Action(
                    "整改合格，销号",
                    kind="primary",
                    icon="check",
                    name="move",
                    value="accept",
                ),
                Action("退回整改", icon="arrow-back-up", name="move", value="reject"),
            ],
        },
        "phone_actions": [
            Action("打给何静", "tel:000", icon="phone"),
            Action("去复查，剩 6 小时 40 分", "#act", "primary"),
        ],
    }
    return render(request, "shell/record.html", context)


@public
def form_page(request: HttpRequest) -> HttpResponse:
    """The form page; ``?wrong`` shows it with errors."""
    wrong = {
        "school": "1",
        "source": "patrol",
        "grade": "2",
        "text": "通道净宽不足 1.1 米，堆放课桌椅 14 张。",
    }
    context = {
        "frame": surroundings.frame(request),
        "title": "登记隐患",
        "crumbs": [Crumb("隐患台账", "/gallery/list/"), Crumb("登记隐患")],
        "form": HazardForm(wrong if "wrong" in request.GET else None, initial={"grade": "2"}),
        "sections": SECTIONS,
        "primary": "下达整改",
        "others": [Action("存草稿", name="draft", value="1", attrs={"type": "submit"})],
        "autosave_note": "10:21 草稿已保存",
        "hint": "不确定等级时先选较高一级，核实时可调整。重大隐患会立即通知分管领导。",
    }
    return render_block(request, "shell/form.html", "form", context)


@public
def refusal_page(request: HttpRequest, status: int) -> HttpResponse:
    """An error page by its number."""
    return render(
        request,
        f"{status}.html",
        {"frame": surroundings.frame(request, side=False)},
        status=status,
    )
