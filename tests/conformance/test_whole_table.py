"""The whole table of rights, every address x every role, and every page for outsiders: asked by `make soak`."""

import pytest

from anlan.engines.output import labels, pages, word_pages
from anlan.engines.registry.api import Ledger
from tests.conformance.test_access_matrix import (
    ROLES,
    assert_as_declared,
    assert_entered,
    declared,
    every_ledger,
)
from tests.conformance.test_outside import PEOPLE, assert_outside_changes_nothing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.requirement("MLPS.09", "NF.205")
@pytest.mark.parametrize("role", ROLES)
def test_every_role_enters_every_address_as_declared(role: str) -> None:
    assert_entered(role, list(declared()))


@pytest.mark.requirement("MLPS.09", "NF.205")
@every_ledger
def test_every_role_passes_every_address_as_declared(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "pdf_of_records", lambda *_: b"%PDF")  # drawing paper takes its time
    monkeypatch.setattr(word_pages, "word_of_records", lambda *_: b"PK")
    monkeypatch.setattr(labels, "pdf_of", lambda *_: b"%PDF")
    assert_as_declared(ledger)


@pytest.mark.requirement("NF.205")
@pytest.mark.parametrize("who", list(PEOPLE))
def test_what_lies_outside_changes_no_page_of_any_ledger(who: str) -> None:
    assert_outside_changes_nothing(who, every=1)
