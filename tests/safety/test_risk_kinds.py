"""The common kinds of risk: there from the start, chosen everywhere, renamed or retired, never deleted (X.16)."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import ProtectedError

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.risk_registers import CATEGORIES
from anlan.domains.safety.risks import RiskCategory
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_user
from tests.safety.loops import signed_in

pytestmark = pytest.mark.django_db
CHOSEN_IN = {
    "/safety/hazards/new": "category",
    "/safety/quick-kinds/new": "category",
    "/safety/inspection-modes/new": "category",
}


def test_eleven_kinds_from_the_start_and_what_becomes_of_them() -> None:
    call_command("create_first_admins", stdout=StringIO())
    unit = OrgUnit.objects.get(parent=None)
    kinds = RiskCategory.objects.unscoped().filter(org=unit)
    assert list(kinds.values_list("title", flat=True)) == list(CATEGORIES.values())
    assert len(CATEGORIES) == 11
    client = signed_in(a_user("bureau_safety", unit))
    for path, field in CHOSEN_IN.items():
        offered = client.get(path).context["form"].fields[field].queryset
        assert {kind.code for kind in offered} == set(CATEGORIES), path
    for path in ("/analysis/safety/hazard-report/?by=category", "/safety/hazards/"):
        assert client.get(path).status_code == 200
    fire = kinds.get(code="fire")
    hazard = create(SYSTEM, Hazard(org=unit, title="通道", category=fire))
    with pytest.raises(Conflict):
        fire.delete()
    with pytest.raises(ProtectedError):
        RiskCategory.unguarded.filter(pk=fire.pk).delete()
    body = {"version": fire.version, "values": {"title": "火灾"}}
    assert client.patch(f"/api/safety/risk-categories/{fire.pk}", body, "application/json").status_code == 200
    assert "火灾" in client.get(hazard.get_absolute_url()).content.decode()
    body = {"version": fire.version + 1, "values": {"retired": True}}
    assert client.patch(f"/api/safety/risk-categories/{fire.pk}", body, "application/json").status_code == 200
    for path, field in CHOSEN_IN.items():
        offered = client.get(path).context["form"].fields[field].queryset
        assert "fire" not in {kind.code for kind in offered}, path
    with pytest.raises(Rejected):
        create(SYSTEM, Hazard(org=unit, title="又一条", category=fire))
    said = {
        "title": "通道仍堵",
        "version": hazard.version,
        "org": unit.pk,
        "category": fire.pk,
        "source": "spot",
    }
    said |= {"found_at": f"{clock.now().astimezone(clock.zone()):%Y-%m-%dT%H:%M}", "reported_up": "on"}
    assert client.post(f"{hazard.get_absolute_url()}edit", said).status_code == 303
