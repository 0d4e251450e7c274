"""Recordings of channels: kept for the days required, breaks with start and end."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.site_security.device_limits import DeviceLimit
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.recordings import Recording
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import Statement
from anlan.engines.audit.api import create
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.alarms.conftest import Machine, machine
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

__all__ = ["machine"]
pytestmark = pytest.mark.django_db
URL = "/site-security/recordings/"


def ago(**span: float) -> Any:
    """A moment gone by, with the site's zone."""
    return (clock.now() - timedelta(**span)).astimezone(clock.zone())


@pytest.mark.requirement("N1.24")
def test_thirty_days_are_kept_and_breaks_are_shown(ground: Ground, machine: Machine) -> None:
    today = clock.today()
    old, new = today - timedelta(days=400), today - timedelta(days=10)
    camera = a_device(ground, "JK-1", installed_on=old)
    fresh = a_device(ground, "JK-2", installed_on=new)
    officer, inspector = web(ground.officer), web(ground.inspector)

    def reported(device: Device, days: int) -> bool:
        assert machine.say(device.code, "recording", oldest=str(today - timedelta(days=days))) == "taken"
        row = Recording.unguarded.get(device=device)
        listed = row.get_absolute_url() in officer.get(f"{URL}?enough=0").content.decode()
        assert listed is not row.enough
        return bool(row.enough)

    assert [reported(camera, days) for days in (29, 30, 31)] == [False, True, True]
    assert [reported(fresh, days) for days in (9, 10)] == [False, True], "judged by its age"
    # By spot check the same is found; it may not be entered by who only looks.
    address = f"{camera.get_absolute_url()}act/look_back"
    began, ended = ago(hours=30), ago(hours=28)
    said = {"oldest": str(today - timedelta(days=29)), "began_at": f"{began:%Y-%m-%d %H:%M}"}
    assert inspector.post(address, said | {"ended_at": f"{ago(hours=31):%Y-%m-%d %H:%M}"}).status_code == 422
    assert inspector.post(address, said | {"ended_at": f"{ended:%Y-%m-%d %H:%M}"}).status_code == 303
    row = Recording.unguarded.get(device=camera)
    assert (row.enough, row.way, row.kept, row.required) == (False, "spot", 29, 30)
    page = officer.get(row.get_absolute_url()).content.decode()
    assert f"{began:%Y-%m-%d %H:%M}" in page
    assert f"{ended:%Y-%m-%d %H:%M}" in page
    assert row.get_absolute_url() in officer.get(f"{URL}?broken=1").content.decode()
    # The recorder tells of a break as it happens: start and end, a repair, and "met" is not to be had meanwhile.
    without = Statement.unguarded.get(survey=ground.survey(), requirement__code="B07")
    assert machine.say("JK-2", "recording", running=False) == "taken"
    assert (
        "还没有恢复" in officer.get(Recording.unguarded.get(device=fresh).get_absolute_url()).content.decode()
    )
    assert Repair.unguarded.get().device == fresh
    with pytest.raises(Rejected):
        state(ground.officer, without.survey, {without.pk: Said("met", device="1 号")})
    with clock.moved(clock.now() + timedelta(minutes=40)):
        assert machine.say("JK-2", "recording", running=True) == "taken"
    ((start, end),) = Recording.unguarded.get(device=fresh).spans
    assert end is not None
    assert timedelta(minutes=40) <= end - start < timedelta(minutes=41)
    state(ground.officer, without.survey, {without.pk: Said("met", device="1 号")})
    # A district may ask for more, never for less.
    limits = web(ground.bureau)
    body = {"org": ground.tree.county.pk, "accept_hours": 4, "restore_hours": 24, "interim_minutes": 60}
    body |= {"silent_minutes": 5, "keep_days": 29}
    refused = limits.post("/site-security/device-limits/new", body)
    assert (refused.status_code, DeviceLimit.unguarded.count()) == (422, 0)
    create(ground.bureau, DeviceLimit(org=ground.tree.county, keep_days=60))
    assert [reported(camera, days) for days in (31, 60)] == [False, True]
