"""The analysis of a round, for the department and the lead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.registry.api import ledgers, one
from anlan.engines.rounds.analysing import by_indicator, by_judge, by_participant, counted
from anlan.engines.rounds.processes import OVERSEE, process_named
from anlan.engines.rounds.round_records import RECKONED, in_charge
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.parts import Crumb


@require_safe
def page(request: HttpRequest, process: str, pk: int) -> HttpResponse:
    """Numbers, participants, indicators and judges; Missing before publication, Forbidden without the right."""
    known = process_named(process)
    round_ = one(ledgers[known.right("rounds")], request.user, pk)
    if not in_charge(request.user, round_):
        raise Forbidden(known.right(OVERSEE))
    if not round_.tree:
        raise Missing
    reckoned = round_.state in RECKONED
    context = {
        "title": f"{round_}分析",
        "lede": "没有提交自评的只列出，不计入平均。" + ("" if reckoned else "汇总之前只有自评。"),
        "counted": counted(round_),
        "participants": by_participant(round_),
        "indicators": by_indicator(round_, known.url(f"rounds/{pk}/scores")) if reckoned else [],
        "judges": by_judge(round_) if reckoned else [],
        "subject": known.subject,
        "crumbs": [Crumb(str(round_), round_.get_absolute_url()), Crumb("分析")],
    }
    return render(request, "rounds/analysis.html", context)
