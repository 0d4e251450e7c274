"""Nobody above a school changes what it filed, by no way in; who looks is written down (S06.5)."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, change
from anlan.engines.files.api import Attachment, attach
from tests.accounts.conftest import Shelf
from tests.factories import a_grant, a_role, a_user, sign_in
from tests.files.making import PDF, an_xlsx, upload

JSON = "application/json"
VERBS = ("view", "add", "edit", "archive", "import", "export")
LEDGERS = ("sections", "items", "exemptions")
SHEETS = (
    (["单位", "台账", "门类", "应有材料"], ["池店一小", "家校联系", "其他", "改了"]),
    (["单位", "台账", "材料名称", "日期"], ["池店一小", "家校联系", "改了", "2026-10-19"]),
    (["单位", "台账", "不适用的理由"], ["池店一小", "家校联系", "改了"]),
)


def stored() -> list[Any]:
    """Everything schools have in their ledgers, with its versions."""
    files = Attachment.unguarded.filter(model__startswith="accounts.")
    found = (Section.unguarded.all(), Item.unguarded.all(), Exemption.unguarded.all(), files)
    return [list(rows.order_by("pk").values()) for rows in found]


def mighty(shelf: Shelf) -> Client:
    """Somebody of the bureau to whom every right over these ledgers was given."""
    rights = [f"accounts.{name}.{verb}" for name in LEDGERS for verb in VERBS]
    a_role("mighty", *rights)
    person = a_user("bureau_safety", shelf.tree.county, name="郑科长")
    a_grant(person, "mighty", shelf.tree.county)
    return sign_in(Client(), person)


@pytest.mark.requirement("S06.5")
@pytest.mark.parametrize("officer", [True, False], ids=["safety officer", "with every right"])
def test_the_bureau_changes_school_data_by_no_way_in(shelf: Shelf, officer: bool) -> None:
    bureau = sign_in(Client(), shelf.bureau) if officer else mighty(shelf)
    entry = shelf.section(None, "家校联系")
    item, asked = shelf.item(entry), shelf.exemption(entry)
    attach(Actor.person(shelf.keeper), item, upload("家长信.pdf", PDF), "file")
    change(SYSTEM, asked, {"state": "refused"})
    before, school = stored(), shelf.tree.school
    for number, (row, typed) in enumerate(
        (
            (entry, {"title": "改名", "kind": "other", "period": "year", "materials": "信", "required": 1}),
            (item, {"title": "改名", "section": entry.pk, "day": "2026-10-19"}),
            (asked, {"reason": "改了", "section": entry.pk, "year": "2026-2027"}),
        )
    ):
        url, name = row.get_absolute_url(), LEDGERS[number]
        home, data = f"/accounts/{name}/", {"org": school.pk, "file_kind": "any", "version": 1} | typed
        assert bureau.get(url).status_code == 200
        assert "/edit" not in bureau.get(url).content.decode()
        assert bureau.post(f"{url}edit", data | {"file": upload("b.pdf", PDF)}).status_code == 403
        assert bureau.post(f"{url}archive", {"idempotency": f"a{number}"}).status_code == 403
        bureau.post(f"{home}bulk", {"verb": "archive", "chosen": row.pk, "idempotency": f"b{number}"})
        assert bureau.post(f"{home}new", data | {"idempotency": f"c{number}"}).status_code in (403, 422)
        api = f"/api{home}"
        body = json.dumps({"version": 1, "values": typed})
        assert bureau.patch(f"{api}{row.pk}", body, JSON).status_code == 403
        assert bureau.post(api, json.dumps({"org": school.pk} | typed), JSON).status_code in (403, 422)
        answer = bureau.post(f"{home}import", {"file": upload("a.xlsx", an_xlsx(*SHEETS[number]))})
        assert answer.status_code == (303 if number == 0 or not officer else 403)
        if answer.status_code == 303:
            bureau.post(f"{answer['Location']}confirm", {"mode": "good"})
    assert bureau.post(f"{entry.get_absolute_url()}act/end", {"idempotency": "d"}).status_code == 403
    for name in ("refile", "withdraw"):
        assert bureau.post(f"{item.get_absolute_url()}move/{name}", {"version": 1}).status_code == 403
    assert stored() == before

    keeper = sign_in(Client(), shelf.keeper)
    answer = keeper.post(f"{entry.get_absolute_url()}act/end", {"idempotency": "e"})
    entry.refresh_from_db()
    assert (answer.status_code, entry.until) == (303, "2026-2027"), "the school itself may"


@pytest.mark.requirement("S06.5")
def test_every_look_of_the_bureau_is_written_down_and_told_to_the_school(shelf: Shelf) -> None:
    item = shelf.item(shelf.section(None, "家校联系"), title="家长信")
    paper = attach(Actor.person(shelf.keeper), item, upload("家长信.pdf", PDF), "file")
    bureau, school = sign_in(Client(), shelf.bureau), sign_in(Client(), shelf.keeper)
    url, api = item.get_absolute_url(), "/api/accounts/items/"
    looks = (url, paper.address("download"), f"{api}{item.pk}", api, shelf.url(), f"{url}print")
    for look in looks:
        assert school.get(look).status_code == 200
        before = AuditEntry.objects.filter(action__in=("view", "print"), user=shelf.bureau).count()
        assert bureau.get(look).status_code == 200
        found = AuditEntry.objects.filter(action__in=("view", "print"), user=shelf.bureau)
        assert found.count() == before + (look != f"{api}{item.pk}"), (
            f"{look}: the page was told a moment ago"
        )
    assert not AuditEntry.objects.filter(action="view", user=shelf.keeper).exists()
    page = school.get(url).content.decode()
    assert page.count("周科长") >= 2
    assert "查阅" in page
