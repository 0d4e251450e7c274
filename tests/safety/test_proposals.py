"""What to inspect next is proposed with its reasons; people decide, and nothing is planned by itself."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.base.proposal_choices import ProposalChoice
from anlan.base.schools import School
from anlan.domains.certificates.classes import CertificateClass
from anlan.domains.certificates.others import OtherCertificate
from anlan.domains.safety.inspection import InspectionPlan, InspectionTask
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.loops import Loop, signed_in

pytestmark = pytest.mark.django_db
URL = "/safety/proposals/"


@pytest.fixture
def schools(county: County) -> dict[str, School]:
    made = {}
    for unit in ("school", "second", "foreign"):
        said = {"kind": "primary", "nature_id": "school_nature.public", "name": unit}
        made[unit] = School.unguarded.create(org=county.units[unit], **said)
    return made


def test_a_school_with_a_hazard_comes_first_with_its_reasons(county: County, schools: Any) -> None:
    loop = Loop(county)
    late = loop.confirm(loop.hazard("second"), days=3)
    type(late).unguarded.filter(pk=late.pk).update(due_at=clock.now() - timedelta(days=1))
    client = signed_in(loop.bureau.user)
    rows = client.get(URL).context["rows"]
    assert [one.school.name for one, _ in rows] == ["second", "school"]
    assert rows[0][0].reasons == ("1 条隐患逾期未整改", "1 条隐患未整改", "三个月内没有巡查")
    assert rows[0][0].rhythm[0] == "每两周一次"


@pytest.mark.requirement("X.25")
def test_an_expired_certificate_beside_a_hazard_puts_a_school_first(county: County, schools: Any) -> None:
    loop = Loop(county)
    for unit in ("second", "school"):
        loop.confirm(loop.hazard(unit), days=3)
    kind = create(SYSTEM, CertificateClass(org=county.units["county"], name="电工证"))
    day = clock.today()
    papers = {"holder": "示例电工", "number": "DG-1", "issued_on": day - timedelta(days=400)}
    paper = OtherCertificate(
        org=county.units["school"], kind=kind, valid_to=day - timedelta(days=3), **papers
    )
    create(SYSTEM, paper)
    client = signed_in(loop.bureau.user)
    rows = client.get(URL).context["rows"]
    assert [one.school.name for one, _ in rows] == ["school", "second"]
    assert rows[0][0].reasons[:2] == ("1 条隐患未整改", "1 份证照或设备已过期")
    change(SYSTEM, paper, {"valid_to": day + timedelta(days=300)})
    assert "证照或设备已过期" not in client.get(URL).content.decode()


@pytest.mark.requirement("X.25")
def test_choices_are_recorded_and_nothing_is_planned_by_itself(county: County, schools: Any) -> None:
    loop = Loop(county)
    loop.confirm(loop.hazard("second"), days=3)
    client = signed_in(loop.bureau.user)
    assert client.post(f"{URL}{schools['school'].pk}/reject").status_code == 422
    assert client.post(f"{URL}{schools['school'].pk}/reject", {"note": "上周刚去过"}).status_code == 303
    accepted = client.post(f"{URL}{schools['second'].pk}/accept")
    assert accepted.status_code == 303
    form = client.get(accepted["Location"]).context["form"]
    assert form["schools"].value() == [str(county.units["second"].pk)]
    assert "second" in form["title"].value()
    assert not InspectionPlan.objects.unscoped().exists()
    assert not InspectionTask.objects.unscoped().exists()
    choices = ProposalChoice.objects.unscoped().order_by("pk")
    assert [(one.org.code, one.accepted, one.created_by.username) for one in choices] == [
        ("school", False, "zhou"), ("second", True, "zhou"),
    ]  # fmt: skip
    assert choices[1].reasons == ["1 条隐患未整改", "三个月内没有巡查"]
    assert "上周刚去过" in client.get(URL).content.decode()
    assert client.post(f"{URL}{schools['second'].pk}/accept").status_code == 409
    assert client.post(f"{URL}{schools['foreign'].pk}/accept").status_code == 404
    assert signed_in(loop.school.user).get(URL).status_code == 403
