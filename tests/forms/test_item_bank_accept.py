"""The item bank as a bureau user meets it, from the first item to the retired one (D01.1)."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from tests.factories import sign_in
from tests.forms.conftest import Bank, passing
from tests.forms.test_keeping_pages import shown, whole


@pytest.mark.requirement("D01.1")
def test_an_item_is_found_refused_where_it_must_be_and_retired_after_use(
    client: Client, keeper: Actor, inspector: Actor, bank: Bank, response: Any
):
    office = sign_in(client, keeper.user)
    assert office.post("/forms/items/new/", whole(bank)).status_code == 303
    assert "消火栓水压足" in shown(office, f"/forms/items/?category={bank.fire.pk}")
    for part in ("消火栓", "水压", "足"):
        assert "消火栓水压足" in shown(office, f"/forms/items/?q={part}")
    before = forms.Item.objects.unscoped().count()
    for fault in ({"wording": ""}, {"category": ""}, {}):
        assert office.post("/forms/items/new/", whole(bank, **fault)).status_code == 422
    assert forms.Item.objects.unscoped().count() == before

    forms.submit(inspector, response, passing("q1", "q2", "q3"))
    assert office.post(f"/forms/items/{bank.extinguisher.pk}/delete/").status_code == 303
    assert "灭火器压力在绿区" not in shown(office, "/forms/items/")
    sign_in(client, inspector.user)
    assert "灭火器压力在绿区" in shown(client, f"/forms/responses/{response.uid}/")
    sign_in(client, keeper.user)
    assert office.post(f"/forms/items/categories/{bank.fire.pk}/delete/").status_code == 409
    assert "消防安全" in shown(office, "/forms/items/")
