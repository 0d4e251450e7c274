"""Every declared ledger has a template, an import page and exports in every format."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.registry.api import Ledger, ledgers, writers
from tests.factories import Tree, a_grant, a_role, a_user, sign_in
from tests.turns import by_turns

VERBS = ("view", "add", "edit", "import", "export", "unmask")


@pytest.mark.parametrize("ledger", by_turns(ledgers, lambda ledger: ledger.code))
def test_it_can_be_filled_from_a_sheet_and_leave_as_one(ledger: Ledger, tree: Tree) -> None:
    user: Any = a_user(unit=tree.county)
    a_grant(user, a_role("everything", *map(ledger.permission, VERBS)).code, tree.county)
    client = sign_in(Client(), user)
    importable = not ledger.readonly and bool(ledger.form_names)
    answer = client.get(f"{ledger.url}import")
    assert answer.status_code == (200 if importable else 404)
    if importable:
        assert "上传并检查" in answer.content.decode()
        assert client.get(f"/imports/of/{ledger.code}/template").status_code == 200
    for writer in (
        writers if ledger.code == "sample.lamps" else (writers["xlsx"], writers["csv"])
    ):  # PDF is slow
        for layout in ("list", "form"):
            said = {"format": writer.code, "layout": layout}
            assert client.get(f"{ledger.url}export", said).status_code == 200
