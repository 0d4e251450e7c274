"""The common kinds of risk: there from the start, chosen and counted everywhere, renamed, retired, deleted (X.16)."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from anlan.base.risk_uses import LedgerUse, RiskUse, risk_uses
from anlan.base.risks import CATEGORIES
from anlan.domains.safety.quick import QuickKind
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.forms.api import add_category, add_item
from anlan.engines.library.models import DocumentKind
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import RiskCategory, ledgers
from anlan.kernel.errors import Conflict, Rejected
from tests.conformance.rows import a_row
from tests.factories import a_user
from tests.safety.loops import signed_in

pytestmark = pytest.mark.django_db
NAMED = {"检查内容", "隐患", "随手报", "安全事件", "巡查计划", "应急预案", "法规资料"}
CHOSEN = {"quick": ("/safety/quick-kinds/new", "category"), "items": ("/forms/items/new/", "hazard_category")}
KIND = "/base/risk-categories/"


def form_of(use: RiskUse) -> tuple[str, str]:
    """Where a module's kind is chosen, and in which field."""
    if use.code in CHOSEN or not isinstance(use, LedgerUse):
        return CHOSEN[use.code]
    return f"{ledgers[use.ledger].url}new", use.by


def named_by(use: RiskUse, unit: OrgUnit, kind: RiskCategory) -> Record:
    """A record of the module that names the kind."""
    if not isinstance(use, LedgerUse):
        shelf = add_category(SYSTEM, unit, "消防")
        said = {"wording": "通道畅通", "standard": "无堆放"}
        return add_item(SYSTEM, unit, category=shelf, hazard_category=kind.code, **said)
    said: dict[str, Any] = {use.by: kind}
    if use.by == "risk":
        code = "plan" if use.query == "plans=1" else "law"
        said["kind"] = create(SYSTEM, DocumentKind(org=unit, title=code, code=code))
    if use.by == "kind__category":
        said = {"kind": create(SYSTEM, QuickKind(org=unit, title="消防", category=kind))}
    return a_row(ledgers[use.ledger], unit, **said)


def offered(client: Client, use: RiskUse) -> set[str]:
    """Codes the module's form offers."""
    path, name = form_of(use)
    field = client.get(path).context["form"].fields[name]
    return (
        {one.code for one in field.queryset}
        if hasattr(field, "queryset")
        else dict(field.choices).keys() - {""}
    )


def table(client: Client) -> dict[str, list[Any]]:
    """The cells of the table by kind."""
    return {line.title: line.cells for line in client.get("/base/risk-figures/").context["answer"].lines}


@pytest.mark.requirement("X.16")
def test_one_classification_in_every_module() -> None:
    call_command("create_first_admins", stdout=StringIO())
    unit = OrgUnit.objects.get(parent=None)
    kinds = RiskCategory.objects.unscoped().filter(org=unit)
    assert list(kinds.values_list("title", flat=True)) == list(CATEGORIES.values())
    assert len(CATEGORIES) == 11
    client, uses = signed_in(a_user("bureau_safety", unit)), list(risk_uses)
    assert {use.title for use in uses} >= NAMED
    assert all(offered(client, use) == set(CATEGORIES) for use in uses)
    fire = kinds.get(code="fire")
    records = [named_by(use, unit, fire) for use in uses]
    cells = table(client)["消防安全"]
    assert [cell.shown for cell in cells] == ["1"] * len(uses)
    for cell, record in zip(cells, records, strict=True):
        page = client.get(cell.url)
        assert "共 1 条" in page.context["page"].words
        assert f"{record.pk}/" in page.content.decode(), cell.url
    _renamed(client, fire, records)
    _retired(client, fire, records, uses)
    _deleted(client, fire, uses)


def _set(client: Client, kind: RiskCategory, **values: Any) -> int:
    kind.refresh_from_db()
    said = {"version": kind.version, "values": values}
    return client.patch(f"/api{KIND}{kind.pk}", said, "application/json").status_code


def _renamed(client: Client, fire: RiskCategory, records: list[Any]) -> None:
    """Every record shows the new name; the code, by which check items name it, stays."""
    assert _set(client, fire, title="火灾防范") == 200
    assert _set(client, fire, code="blaze") == 422
    for record in records:
        page = client.get(address_of(record)).content.decode()
        assert "火灾防范" in page or "随手报" in page, record


def address_of(record: Any) -> str:
    """A record's page; an item of the bank has its form."""
    return f"/forms/items/{record.pk}/" if record._meta.label == "forms.Item" else record.get_absolute_url()


def _retired(client: Client, fire: RiskCategory, records: list[Any], uses: list[RiskUse]) -> None:
    """Offered for nothing new, refused by the records themselves; what names it stays readable, counted, editable."""
    assert _set(client, fire, retired=True) == 200
    assert not any("fire" in offered(client, use) for use in uses)
    assert [cell.shown for cell in table(client)["火灾防范（已停用）"]] == ["1"] * len(uses)
    hazard = next(one for one in records if one._meta.label == "safety.Hazard")
    item = next(one for one in records if one._meta.label == "forms.Item")
    with pytest.raises(Rejected):
        create(SYSTEM, type(hazard)(org=hazard.org, title="又一条", category=fire))
    made = type(hazard)(org=hazard.org, title="检查发现", category=fire, source_key="finding:1")
    assert create(SYSTEM, made).category == fire, (
        "what a check found is filed under the kind it was made under"
    )
    assert change(SYSTEM, hazard, {"title": "通道仍堵"}).category == fire
    kept = client.get(address_of(item)).context["form"].fields["hazard_category"]
    assert ("fire", "火灾防范（已停用）") in kept.choices


def _deleted(client: Client, fire: RiskCategory, uses: list[RiskUse]) -> None:
    """A kind in use stays and says where it is used; a district's own kind nobody used yet goes."""
    refused = client.post(f"{KIND}{fire.pk}/archive")
    assert refused.status_code == 409
    said = refused.content.decode()
    named = ("检查内容", "隐患", "随手报类别", "文件", "巡查计划", "安全事件")
    assert all(words in said.partition("用在：")[2] for words in named), said
    with pytest.raises(Conflict):
        fire.delete()
    own = create(SYSTEM, RiskCategory(org=fire.org, code="traffic", title="交通安全"))
    assert all("traffic" in offered(client, use) for use in uses)
    assert client.post(f"{KIND}{own.pk}/archive").status_code == 303
    assert not any("traffic" in offered(client, use) for use in uses)
