"""Checks of devices: by the checklist of the family, kept on the device, failures raised."""

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.domains.site_security.device_checks import DeviceCheck, items_of
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.repairs import Repair
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import RiskCategory
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.factories import a_user
from tests.files.making import a_picture, upload
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera(ground: Ground) -> Device:
    """A camera at a school whose county knows the risk of facilities."""
    RiskCategory.unguarded.create(org=ground.tree.county, code="facility", title="设施设备")
    return a_device(ground, "JK-1", installed_on=clock.today())


def answers(device: Device, *failed: str) -> dict[str, str]:
    """Every item answered."""
    return {item.code: "fail" if item.code in failed else "pass" for item in items_of(device)}


@pytest.mark.requirement("D02.4")
def test_a_failed_item_is_kept_on_the_device_and_becomes_a_hazard(ground: Ground, camera: Device) -> None:
    address, inspector = camera.get_absolute_url(), web(ground.inspector)
    form = inspector.get(f"{address}act/check").content.decode()
    assert "夜间实时图像" in form
    assert "布防和撤防" not in form
    gap = answers(camera)
    del gap["night_live"]
    assert inspector.post(f"{address}act/check", gap).status_code == 422
    assert not DeviceCheck.unguarded.exists()
    assert inspector.post(f"{address}act/check", answers(camera, "night_live")).status_code == 303
    check, hazard = DeviceCheck.unguarded.get(), Hazard.unguarded.get()
    assert (check.device, check.passed, check.hazard_url) == (camera, False, hazard.get_absolute_url())
    assert (hazard.org, hazard.source, hazard.source_url) == (camera.org, "tech", check.get_absolute_url())
    assert "夜间实时图像" in hazard.detail
    page = web(ground.officer).get(address).content.decode()
    assert check.get_absolute_url() in page
    assert hazard.get_absolute_url() in page
    assert "JK-1" in web(ground.officer).get(check.get_absolute_url()).content.decode()
    order = Repair.unguarded.get()
    assert (order.device, order.found_by, order.stage) == (camera, "check", "reported")
    contact = web(Actor.person(a_user("school_contact", ground.tree.school), "web"))
    assert contact.post(f"{address}act/check", answers(camera)).status_code == 403
    assert web(ground.stranger).post(f"{address}act/check", answers(camera)).status_code == 404
    camera.refresh_from_db()
    perform(ground.officer, camera, "stop", {"fault": "拆除"})
    assert inspector.post(f"{address}act/check", answers(camera)).status_code == 409
    assert DeviceCheck.unguarded.count() == 1


def test_a_camera_passes_with_a_sample_and_not_by_who_mended_it(ground: Ground, camera: Device) -> None:
    address = camera.get_absolute_url()
    inspector = web(ground.inspector)
    bare = inspector.post(f"{address}act/check", answers(camera))
    assert (bare.status_code, "要附样图" in bare.content.decode()) == (422, True)
    sample = upload("样图.jpg", a_picture())
    assert inspector.post(f"{address}act/check", answers(camera) | {"photo": sample}).status_code == 303
    camera.refresh_from_db()
    assert camera.next_on > clock.today()
    assert not Hazard.unguarded.exists()
    perform(ground.officer, camera, "report", {"fault": "花屏"})
    perform(ground.officer, camera, "accept")
    perform(ground.officer, camera, "finish", {"cause": "断线", "restored_at": clock.now()})
    mended = web(ground.officer).post(
        f"{address}act/check", answers(camera) | {"photo": upload("a.jpg", a_picture())}
    )
    assert mended.status_code == 422
