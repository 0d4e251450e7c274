"""Figures of devices: equal to the list behind them, schools without any included."""

import re
from datetime import timedelta
from html import unescape

import pytest

from anlan.domains.site_security.devices import Device
from anlan.engines.audit.api import Actor
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.site_security.conftest import Ground, line, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db
URL = "/site-security/device-figures/"


def shown(actor: Actor, query: str) -> str:
    """The page."""
    answer = web(actor).get(f"{URL}?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.sqlite  # some fifty pages; tests/analytics counts on both databases
@pytest.mark.requirement("D02.3")
def test_figures_equal_the_lists_they_open(ground: Ground) -> None:
    long_ago = clock.today() - timedelta(days=5 * 366)
    a_device(ground, "C-1", installed_on=long_ago)
    faulty, gone = a_device(ground, "C-2"), a_device(ground, "P-1", "panic_button")
    perform(ground.officer, faulty, "report", {"fault": "花屏"})
    perform(ground.officer, gone, "stop", {"fault": "拆除"})
    page = shown(ground.bureau, "by=kind")
    assert line(page, "枪型摄像机") == ["2", "1", "0", "1", "0"]
    assert line(page, "紧急报警按钮") == ["1", "0", "0", "0", "1"]
    assert line(page, "合计") == ["3", "1", "0", "1", "1"]
    assert line(shown(ground.bureau, "by=school"), ground.tree.sister_school.name) == ["0"] * 5
    assert ground.tree.sister_school.name in shown(ground.bureau, "by=none")
    assert line(shown(ground.bureau, "by=age"), "5 至 8 年") == ["1", "1", "0", "0", "0"]
    assert line(shown(ground.bureau, "by=town"), ground.tree.township.name)[0] == "3"
    for by in ("kind", "town", "school", "age", "none"):
        opened = re.findall(
            r'href="/site-security/devices/\?([^"]+)"[^>]*>([\d,]+)<', shown(ground.bureau, f"by={by}")
        )
        assert opened
        for query, figure in opened:
            answer = web(ground.bureau).get(f"/site-security/devices/?{unescape(query)}")
            text = answer.content.decode()
            there = {row.pk for row in Device.unguarded.all() if f'{row.get_absolute_url()}"' in text}
            assert len(there) == int(figure), f"{by} {query}"
    a_device(ground, "C-9", actor=ground.stranger)
    assert line(shown(ground.stranger, "by=kind"), "合计") == ["1", "1", "0", "0", "0"]
    assert line(shown(ground.bureau, "by=kind"), "合计")[0] == "4"
