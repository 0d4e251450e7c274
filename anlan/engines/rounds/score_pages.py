"""One indicator over all participants: own, aggregated and final score, and each judge's (SAF.47)."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.rounds.entries import own_scores
from anlan.engines.rounds.handing_out import DRAFT
from anlan.engines.rounds.processes import OVERSEE, Process, process_named
from anlan.engines.rounds.round_records import RECKONED, in_charge
from anlan.engines.rounds.stepping import Steps, plain
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.parts import Crumb, View


@require_safe
def page(request: HttpRequest, process: str, pk: int) -> HttpResponse:
    """The department sees every participant, a participant only its own row and only once it is published."""
    known = process_named(process)
    rows = known.table("Round").objects.visible(request.user, known.right("rounds.view"))
    round_ = rows.select_related("org").one(pk=pk)
    if not known.own_rows and not in_charge(request.user, round_):
        raise Forbidden(known.right(OVERSEE))
    if not round_.tree:
        raise Missing
    steps = Steps(round_.indicators.leaves, request.GET.get("at", ""))
    url = known.url(f"rounds/{pk}/scores")
    lines = _lines(request.user, known, round_, steps.at.code)
    final = [Decimal(line["final"]) for line in lines if line["final"]]
    context = {
        "title": f"{steps.at.code} {steps.at.title}",
        "lede": f"{round_}，标准分 {plain(steps.at.scale.most if steps.at.scale else 0)} 分，"
        f"{len(lines)} 所，最后得分合计 {plain(sum(final, Decimal(0)))} 分。",
        "views": [
            View(f"{leaf.code} {leaf.title}", f"{url}?at={leaf.code}", current=leaf.code == steps.at.code)
            for leaf in round_.indicators.leaves
        ],
        "lines": lines,
        "subject": known.subject,
        "crumbs": [Crumb(str(round_), round_.get_absolute_url()), Crumb("按指标查询")],
    }
    return render(request, "rounds/scores.html", context)


def _lines(user: Any, process: Process, round_: Any, leaf: str) -> list[dict[str, Any]]:
    """A line for each participant the person may see."""
    verdicts = process.table("Verdict").objects.visible(user, process.right("verdicts.view"))
    shown = {row.entry_id: row for row in verdicts.filter(round=round_, archived_at=None)}
    entries = list(round_.entries.filter(archived_at=None).select_related("org").order_by("org__path"))
    if not in_charge(user, round_):
        entries = [entry for entry in entries if entry.pk in shown]
    own, marks = own_scores(entries), _marks(round_, leaf)
    found = []
    for entry in entries:
        said = shown[entry.pk].scores.get(leaf, {}) if entry.pk in shown else {}
        mine = own.get(entry.pk, {}).get(leaf)
        found.append(
            {
                "unit": entry.org,
                "url": shown[entry.pk].get_absolute_url() if entry.pk in shown else entry.get_absolute_url(),
                "own": "" if mine is None else plain(mine),
                "aggregated": said.get("aggregated") or "",
                "final": said.get("final") or "",
                "marks": marks.get(entry.pk, []),
            }
        )
    return found


def _marks(round_: Any, leaf: str) -> dict[int, list[tuple[str, str]]]:
    """Judges by entry: their scores once all is reckoned, before that only who is not finished."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for sheet in round_.sheets.filter(archived_at=None).select_related("judge", "panel"):
        if leaf not in sheet.panel.leaves:
            continue
        if round_.state in RECKONED:
            found[sheet.entry_id].append((str(sheet.judge), plain(sheet.scores[leaf]["score"])))
        else:
            said = "未交" if sheet.state == DRAFT else "已交"
            found[sheet.entry_id].append((str(sheet.judge), said))
    return found
