"""Pages: rows by the compiled renderer against plain Python and components (W8); the real server against its floor."""

import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from html import escape
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any
from unittest.mock import patch

import requests
from django.conf import settings
from django.db import connection
from django.template import engines
from django.test import Client, override_settings
from django.utils.safestring import SafeString, mark_safe
from django_cotton.compiler_regex import CottonCompiler

from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.org.api import Kind
from anlan.engines.registry.pages import lists
from bench.harness import Result, measure, timed, told
from bench.province import Province
from tests.soak.site import Process, Site, await_answer, server

LIST = "/safety/inspections/?size=50"
CELLS = """{% for row in rows %}<tr><td class="al-main"><a class="al-table__t" href="/safety/inspections/{{ row.pk }}/">
<c-chip word="{{ row.round.plan.title }}" /></a></td><td><c-chip word="{{ row.org }}" /></td>
<td><c-chip word="{{ row.assignee }}" /></td><td><c-chip :tone="row.tone" :word="row.state_title" /></td>
<td><c-due :deadline="row.due_at" /></td><td><c-due :deadline="row.submitted_at" /></td>
<td><c-chip word="{{ row.round.plan.mode }}" /></td></tr>{% endfor %}"""
CLIENTS, SECONDS = 4, 15
PEOPLE, PAUSE, BUDGET_MS = 200, 5.0, 300


def run(province: Province) -> list[Result]:
    """Rows first, then the server."""
    return [*_rows(province), *_server(province)]


def plain(rows: Iterable[Any]) -> SafeString:
    """The rows written by hand."""
    return mark_safe(
        "".join(
            f'<tr><td class="al-main"><a class="al-table__t" href="/safety/inspections/{row.pk}/">'
            f"{escape(row.round.plan.title)}</a></td><td>{escape(str(row.org))}</td>"
            f"<td>{escape(str(row.assignee))}</td><td>{row.state_title}</td><td>{row.due_at:%m-%d %H:%M}</td>"
            f"<td>{row.submitted_at:%m-%d %H:%M}</td><td>{escape(str(row.round.plan.mode))}</td></tr>"
            for row in rows
        )
    )


def _rows(province: Province) -> list[Result]:
    template = engines["django"].from_string(CottonCompiler().process(CELLS))
    client = Client()
    client.force_login(province.officer(Kind.COUNTY))

    def page(body: Callable[[Iterable[Any]], Any] | None = None) -> None:
        with ExitStack() as stack:
            if body is not None:
                stack.enter_context(patch.object(lists, "renderer", lambda *_: body))
            answer = client.get(LIST)
        assert answer.status_code == 200
        assert answer.content.count(b"<tr>") > 50

    with override_settings(ALLOWED_HOSTS=["testserver"]):
        by_hand = measure(
            "W8 page against plain rows", work=page, floor=lambda: page(plain), goal=1 / 0.6, rounds=15
        )
        components = median(
            timed(lambda: page(lambda rows: template.render({"rows": rows}))) for _ in range(9)
        )
        rows = list(InspectionTask.unguarded.select_related("org", "assignee", "round__plan__mode")[:50])
        compiled = lists.renderer("safety.inspections")
        cells = measure(
            "W8 rows against components",
            work=lambda: compiled(rows),
            floor=lambda: template.render({"rows": rows}),
            goal=0.5,
            page_with_components_ms=round(components, 1),
        )
    return [by_hand, cells]


def _server(province: Province) -> list[Result]:
    user = province.officer(Kind.COUNTY)
    inside = Client()
    inside.force_login(user)
    cookie = {settings.SESSION_COOKIE_NAME: inside.cookies[settings.SESSION_COOKIE_NAME].value}
    record = InspectionTask.objects.unscoped().filter(org__path__startswith=user.unit.path).latest("pk")
    paths = (LIST, record.get_absolute_url(), "/")
    with tempfile.TemporaryDirectory() as folder, Site(Path(folder)) as site:
        floor, bare = _floor(Path(folder), user.unit.path)
        try:
            await_answer(floor, bare.log)
            pairs = [(_rate(site.url + LIST, cookie), _rate(floor, {})) for _ in range(3)]
            served, least = (median(found) for found in zip(*pairs, strict=True))
            facts = {
                "per_s": round(served, 1),
                "floor_per_s": round(least, 1),
                "share": round(served / least, 3),
            }
            rate = told(Result("W8 pages over HTTP", True, facts))
            return [rate, _clicks(site.url, paths, cookie, served)]
        finally:
            bare.kill()


def _floor(folder: Path, path: str) -> tuple[str, Process]:
    names, said = ", ".join(f.column for f in InspectionTask._meta.concrete_fields), connection.settings_dict
    url, bare = server("bench.floor:application", folder / "floor.log")
    bare.env |= {
        "BENCH_DATABASE": f"host={said['HOST']} dbname={said['NAME']} user={said['USER']}",
        "BENCH_STATEMENT": f"SELECT {names} FROM safety_inspectiontask WHERE org_id IN (SELECT id FROM org_orgunit"
        f" WHERE path LIKE '{path}%') ORDER BY id DESC LIMIT 51",
    }
    bare.start()
    return url, bare


def _rate(url: str, cookie: dict[str, str]) -> float:
    """Pages per second with a few clients that never rest."""
    until, counts = perf_counter() + SECONDS / 3, [0] * CLIENTS

    def ask(place: int) -> None:
        with requests.Session() as http:
            while perf_counter() < until:
                assert http.get(url, cookies=cookie, timeout=60).status_code == 200
                counts[place] += 1

    _together([lambda place=place: ask(place) for place in range(CLIENTS)])
    return sum(counts) / (SECONDS / 3)


def _clicks(url: str, paths: tuple[str, ...], cookie: dict[str, str], capacity: float) -> Result:
    """People who click every five seconds: as many as two idle cores should bear, scaled to what is free here.

    Half of the capacity just measured is asked for; the time of a page is compared with one page on its own.
    """
    rate = min(PEOPLE / PAUSE, capacity / 2)
    alone = median(timed(lambda: requests.get(url + paths[0], cookies=cookie, timeout=60)) for _ in range(9))
    times: list[float] = []
    started, turns = perf_counter(), int(rate * SECONDS)

    def click(place: int) -> None:
        with requests.Session() as http:
            for turn in range(place, turns, 2 * CLIENTS):
                due = started + turn / rate
                sleep(max(0.0, due - perf_counter()))
                http.get(url + paths[turn % len(paths)], cookies=cookie, timeout=60)
                times.append((perf_counter() - due) * 1000)

    _together([lambda place=place: click(place) for place in range(2 * CLIENTS)])
    slow = quantiles(times, n=20)[-1]
    facts = {
        "p95_ms": round(slow, 1),
        "median_ms": round(median(times), 1),
        "one_page_alone_ms": round(alone, 1),
        "ratio": round(slow / alone, 2),
        "clicks_per_s": round(rate, 1),
        "people_every_5_s": round(rate * PAUSE),
        "limit_ms": BUDGET_MS,
    }
    return told(Result("clicking people, lists and records", slow <= BUDGET_MS, facts))


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
