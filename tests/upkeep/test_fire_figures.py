"""Fire safety in figures: numbers that open their lists, limits that warn once and clear (D14.7)."""

import csv
import html
import re
from datetime import date, timedelta
from typing import Any

import pytest

from anlan.base.figure_alarms import judge_all
from anlan.base.models import FigureAlarm, School
from anlan.domains.fire.models import Duty
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import ledgers, number_of
from tests.upkeep.test_fire import TODAY, Ground, ground

__all__ = ["ground"]
URL, LIMITS = "/fire/figures/", "/base/figure-limits/"


def open_alarms(ground: Ground) -> dict[str, str]:
    """Words and value of the warnings of the school that are open."""
    rows = FigureAlarm.unguarded.filter(cleared_at=None, org=ground.school)
    return {row.get_measure_display().partition("：")[2]: row.value for row in rows}


def table_of(client: Any, query: str = "") -> dict[str, dict[str, str]]:
    """The table of the page by unit."""
    lines = client.get(f"{URL}?export=csv{query}").content.decode("utf-8-sig").splitlines()
    rows = [line for line in csv.reader(lines) if line]
    head = next(line for line in rows if "器材完好率" in line)
    return {line[0]: dict(zip(head, line, strict=True)) for line in rows if len(line) == len(head)}


@pytest.mark.requirement("D14.7")
def test_figures_open_their_lists_and_a_limit_warns_once_and_clears(ground: Ground) -> None:
    for unit in (ground.school, ground.tree.sister_school, ground.tree.far_school):
        create(SYSTEM, School(org=unit, name=unit.name, kind="primary", nature_id="school_nature.public"))
    devices = [ground.device(f"MH-{number}") for number in range(1, 11)]
    old = ground.device("MH-OLD", scrap_on=TODAY - timedelta(days=1))
    kept = {
        "person": ground.person,
        "duty": "消防安全管理人",
        "valid_to": date(2030, 1, 1),
        "org": ground.school,
    }
    create(SYSTEM, Duty(number="XF-1", **kept))
    assert ground.look(ground.guard, devices[0], fail=(1,)).status_code == 303

    bureau = ground.web(ground.bureau)
    rows = table_of(bureau)
    mine, sister = rows["池店一小"], rows["池店二小"]
    assert [mine[name] for name in ("在用器材", "完好器材", "过期器材", "未销号消防隐患", "器材完好率")] == [
        "11", "9", "1", "1", "81.8%",
    ]  # fmt: skip
    assert (mine["持证有效率"], mine["巡查完成率"]) == ("100.0%", "无数据"), "no walk was due"
    assert (sister["器材完好率"], sister["持证有效率"]) == ("无数据", "无数据"), "lacking is not perfect"
    assert ground.tree.far_school.name not in rows
    page = bureau.get(URL).content.decode()
    links = re.findall(r'href="([^"]+)">(\d+)<', page.partition("池店一小</th>")[2].partition("</tr>")[0])
    assert len(links) == 7
    for address, shown in links:
        assert len(bureau.get(f"/api{html.unescape(address)}").json()["results"]) == int(shown), address
    ranked = bureau.get(f"{URL}?by=rank").content.decode().partition("<tbody>")[2]
    assert ranked.index("1. 池店一小") < ranked.index("池店二小")
    assert "2. 池店二小" not in ranked, "without data nobody has a place"
    assert old.get_absolute_url() in bureau.get(f"{URL}?by=warned").content.decode()

    told = Message.objects.filter(event="base.figure_alarm", addressee=ground.safety)
    assert judge_all()["raised"] == 2
    assert judge_all() == {"raised": 0, "cleared": 0}, "warned of once"
    assert open_alarms(ground) == {"器材完好率": "81.8%", "过期器材": "1"}
    assert told.count() == 2
    alarms = ledgers["base.figure_alarms"]
    assert number_of(alarms, ground.bureau, "open=1") == 2
    assert number_of(alarms, ground.stranger, "open=1") == 0
    alarm = FigureAlarm.unguarded.filter(measure="fire.figures:fine").get()
    shown = bureau.get(alarm.get_absolute_url()).content.decode()
    assert f'href="{URL}?area={ground.school.pk}"' in shown, "the way to the figures"

    sent = {"org": ground.tree.county.pk, "measure": "fire.figures:fine", "side": "below", "at": "80"}
    assert bureau.post(f"{LIMITS}new", sent).status_code == 303
    change(SYSTEM, old, {"scrap_on": TODAY + timedelta(days=400)})
    assert judge_all() == {"raised": 0, "cleared": 2}, "back in range"
    assert open_alarms(ground) == {}
    assert number_of(alarms, ground.bureau, "cleared=1") == 2
    change(SYSTEM, old, {"scrap_on": TODAY - timedelta(days=1)})
    assert judge_all() == {"raised": 1, "cleared": 0}, "crossed again, warned of again"
    assert told.count() == 3
