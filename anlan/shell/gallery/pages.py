"""Further pages of the gallery: one per archetype."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.shell import trends
from anlan.shell.gallery import showcase, surroundings
from anlan.shell.gallery.data import sample
from anlan.shell.gallery.forms import ReviewForm
from anlan.shell.gallery.views import public

Context = dict[str, Any]


def _show(request: HttpRequest, template: str, context: Context, side: bool = True) -> HttpResponse:
    return render(request, template, {"frame": surroundings.frame(request, side), **context})


@public
def workbench(request: HttpRequest) -> HttpResponse:
    """工作台."""
    return _show(request, "shell/workbench.html", sample("workbench"), side=False)


@public
def review(request: HttpRequest) -> HttpResponse:
    """评分."""
    return _show(request, "shell/review.html", {**sample("review"), "form": ReviewForm()}, side=False)


@public
def matrix(request: HttpRequest) -> HttpResponse:
    """监测热力表."""
    return _show(request, "shell/matrix.html", sample("matrix"), side=False)


@public
def drawer(request: HttpRequest) -> HttpResponse:
    """What a drawer or a preview shows."""
    return render(request, "gallery/drawer.html")


@public
def check(request: HttpRequest) -> HttpResponse:
    """现场检查."""
    return render(request, "shell/check.html", sample("check"))


@public
def wall(request: HttpRequest) -> HttpResponse:
    """大屏."""
    return render(request, "shell/wall.html", sample("wall"))


@public
def analysis(request: HttpRequest) -> HttpResponse:
    """统计分析."""
    context = sample("analysis")
    first = context["charts"][0]
    months, *lines = zip(*first["table"]["rows"], strict=True)
    names = first["table"]["head"][1:]
    series = [trends.Series(name, line) for name, line in zip(names, lines, strict=True)]
    first["chart"] = trends.trend(months, series, first["sentence"])
    return _show(request, "shell/analysis.html", context)


@public
def importing(request: HttpRequest, step: int) -> HttpResponse:
    """导入."""
    return _show(request, "shell/import.html", {**sample("import"), "step": step})


@public
def notice(request: HttpRequest) -> HttpResponse:
    """通知."""
    return _show(request, "shell/notice.html", sample("notice"))


@public
def job(request: HttpRequest) -> HttpResponse:
    """后台任务."""
    return _show(request, "shell/job.html", {"job": sample("job")})


@public
def settings(request: HttpRequest) -> HttpResponse:
    """设置."""
    return _show(request, "shell/settings.html", sample("settings"))


@public
def wizard(request: HttpRequest) -> HttpResponse:
    """家长报名."""
    return _show(request, "shell/wizard.html", sample("wizard"))


@public
def progress(request: HttpRequest) -> HttpResponse:
    """报名进度."""
    return _show(request, "shell/progress.html", sample("progress"))


@public
def login(request: HttpRequest) -> HttpResponse:
    """登录."""
    return _show(request, "gallery/login.html", {})


@public
def printing(request: HttpRequest) -> HttpResponse:
    """打印."""
    sheet = {
        "title": "问题隐患清单",
        "unit": "城南实验小学",
        "number": "YH-26-1041",
        "facts": sample("record")["facts"],
        "signs": ["检查人", "学校负责人"],
    }
    return _show(
        request, "shell/print.html", {"title": "四清单", "sheets": [sheet], "back": "/gallery/record/"}
    )


@public
def components(request: HttpRequest) -> HttpResponse:
    """Every component, with a list of the pages."""
    return _show(request, "gallery/components.html", showcase.showcase(), side=False)
