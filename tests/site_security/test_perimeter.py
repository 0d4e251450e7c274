"""The perimeter: 2 metres exactly, for every kind of barrier, and the school only with all sections."""

import pytest

from anlan.domains.site_security.perimeter import Section, perimeter_met
from anlan.engines.registry.api import add, ledgers
from anlan.kernel.errors import Conflict, Rejected
from tests.site_security.conftest import Ground, web

pytestmark = pytest.mark.django_db
URL = "/site-security/sections/"


def entered(ground: Ground, name: str, height: str, kind: str = "围墙") -> int:
    """What the browser is answered when the officer enters a section."""
    body = {"org": ground.tree.school.pk, "name": name, "kind": kind, "length": "50", "height": height}
    return web(ground.officer).post(f"{URL}new", body).status_code


@pytest.mark.requirement("N2.01")
def test_two_metres_exactly_for_every_barrier_and_all_sections(ground: Ground) -> None:
    school = ground.tree.school
    assert perimeter_met(school) is None
    for height in ("0", "-1", "20.01", ""):
        assert entered(ground, "假墙", height) == 422
    assert not Section.unguarded.exists()
    for name, kind in (("东墙", "围墙"), ("西栏", "金属栅栏"), ("北侧", "其他实体屏障")):
        assert entered(ground, name, "2.00", kind) == 303
    assert perimeter_met(school) is True
    officer, wall = web(ground.officer), Section.unguarded.get(name="东墙").get_absolute_url()
    assert "未达到" not in officer.get(wall).content.decode()
    for kind in ("围墙", "金属栅栏"):
        assert entered(ground, f"南{kind}", "1.99", kind) == 303
    assert perimeter_met(school) is False
    low = officer.get(f"{URL}?low=1").content.decode()
    for row in Section.unguarded.all():
        assert (f'{row.get_absolute_url()}"' in low) == (str(row.height) == "1.99")
    assert "未达到" in officer.get(wall).content.decode()
    assert entered(ground, "最高", "20") == 303
    again = {"org": school, "name": "东墙", "kind": "围墙", "length": 1, "height": 3}
    with pytest.raises((Rejected, Conflict)):
        add(ground.officer, ledgers["site_security.sections"], again)
    assert web(ground.stranger).get(Section.unguarded.first().get_absolute_url()).status_code == 404
