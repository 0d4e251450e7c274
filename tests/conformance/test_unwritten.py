"""The witness of the suite: whatever a request writes has its entry, or the test that sent it fails (NF.216)."""

import pytest
from django.conf import settings

from anlan.engines.audit import writing
from anlan.engines.registry.api import ledgers
from tests.conformance.checks.changing import another, stored
from tests.conformance.faults import LAMPS, unwritten
from tests.conformance.world import World
from tests.witness import Unwritten

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("NF.216")
def test_every_request_of_every_test_is_watched() -> None:
    assert settings.MIDDLEWARE[0] == "tests.witness.WitnessMiddleware"


@pytest.mark.requirement("NF.216")
def test_a_write_without_an_entry_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(ledgers[LAMPS])
    record = stored(world)
    data, name, _ = another(world, record)
    assert world.client().post(world.url(record, "edit"), data).status_code == 303
    monkeypatch.setattr(writing, "log", unwritten("change"))
    late = {**data, name: "另一个", "version": record.version + 1}
    with pytest.raises(
        Unwritten, match=r"/sample/lamps/\d+/edit wrote \['UPDATE sample_lamp'\] without an entry"
    ):
        world.client().post(world.url(record, "edit"), late)
