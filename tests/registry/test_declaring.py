"""Declaring a ledger: what is refused before the server answers."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from anlan.engines.org.api import declared_permissions
from anlan.engines.registry.api import Ledger, Personal, computed, ledgers
from anlan.engines.registry.checking import faults_of
from anlan.site import urls
from tests.sample.lamps import Lamp

PHONE = Personal("联系", "履行职责", "一年")


def faults(**said: Any) -> list[str]:
    """Faults of a ledger of lamps that differs in what is said here."""
    words = {
        "code": "sample.other",
        "model": Lamp,
        "title": "灯",
        "columns": "code",
        "readonly": True,
        "personal": {"keeper": PHONE, "phone": PHONE},
    }
    return list(faults_of(type("Other", (Ledger,), words | said)()))


def test_a_sound_ledger_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"columns": "code colour"}, "columns: colour is neither field nor column"),
        ({"columns": ""}, "no columns"),
        ({"filters": "place"}, "filters: place has neither index nor choices"),
        ({"filters": "colour"}, "filters: colour is no field"),
        ({"search": "watts"}, "search: watts is no text field"),
        ({"key": "colour"}, "key: colour is no field"),
        ({"example": {"colour": 1}}, "example: colour is no field"),
        ({"masked": {"phone": "rainbow"}}, "masked: no mask 'rainbow'"),
        ({"roles": {"view": "nobody"}}, "roles: view names unknown role nobody"),
        ({"roles": {"fly": "lamp_keeper"}}, "roles: unknown verb fly"),
        ({"views": {"红色": "colour=red"}}, "views: 红色 uses unknown filter colour"),
        ({"personal": {"keeper": PHONE}}, "personal: phone (联系电话) needs its purpose, basis, retention"),
    ],
)
def test_a_faulty_ledger_is_refused_with_the_reason(said: dict[str, Any], fault: str) -> None:
    assert fault in faults(**said)


def test_one_model_has_one_maintaining_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"model": Lamp, "title": "灯", "columns": "code"}
    other = type("Other", (Ledger,), {"code": "sample.other", **words})()
    monkeypatch.setitem(ledgers._items, "sample.other", other)
    fault = "Lamp is maintained by sample.lamps, sample.other"
    assert f"ledger sample.other: {fault}" in list(ledgers.faults())


def test_declared_ledgers_are_sound() -> None:
    assert [fault for ledger in ledgers for fault in faults_of(ledger)] == []


def test_a_ledger_declares_its_rights_and_those_of_owners() -> None:
    held = declared_permissions["sample.lamps.unmask"]
    assert held.roles == ("lamp_master",)
    assert "sample.lamps.view.own" in declared_permissions
    assert "sample.makers.view.own" not in declared_permissions


def test_nothing_is_declared_after_start_up() -> None:
    assert urls.urlpatterns is not None
    with pytest.raises(ImproperlyConfigured):
        ledgers.add("sample.late", ledgers["sample.lamps"])


def test_a_computed_column_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="rainbow"):
        computed("颜色", "rainbow")
