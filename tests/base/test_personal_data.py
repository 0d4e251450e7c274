"""Personal data: each field with purpose, basis and retention; undeclared ones stop the build; old ones are erased."""

from datetime import timedelta

import pytest

from anlan.base.people import Person
from anlan.engines.audit.api import SYSTEM, AuditEntry, create
from anlan.engines.identity.api import User, open_account
from anlan.engines.identity.managing import set_leaving
from anlan.engines.registry.api import Ledger, erase_due, ledger, ledgers, personal_fields
from anlan.engines.registry.personal_checks import check_personal
from anlan.kernel import clock
from tests.factories import a_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("MLPS.19")
def test_every_field_is_listed_with_purpose_basis_and_retention(client, tree):
    page = sign_in(client, a_user("bureau_safety", tree.county)).get("/base/personal-data/").content.decode()
    assert {"identity.user.phone", "base.person.phone", "base.person.name"} <= set(personal_fields.codes())
    for item in personal_fields:
        said = item.said
        assert all((said.purpose, said.basis, said.retention)), item.code
        for word in (item.code, said.purpose, said.basis, said.retention):
            assert word in page, item.code
    assert sign_in(client, a_user("staff", tree.school)).get("/base/personal-data/").status_code == 403


@pytest.mark.requirement("MLPS.19")
def test_an_unlisted_field_stops_the_build(monkeypatch):
    assert check_personal() == []
    kept = {code: item for code, item in personal_fields._items.items() if code != "identity.user.phone"}
    monkeypatch.setattr(personal_fields, "_items", kept)
    assert [fault.id for fault in check_personal()] == ["anlan.E020"]
    assert "identity.user.phone" in check_personal()[0].msg


@pytest.mark.requirement("MLPS.19")
def test_a_form_with_an_unlisted_field_stops_the_build(monkeypatch):
    monkeypatch.setattr(ledgers, "_items", dict(ledgers._items))
    monkeypatch.setattr(ledgers, "_frozen", False)
    monkeypatch.setattr("anlan.engines.registry.registering.declare_permission", lambda *_: None)

    class Callers(Ledger):
        code = "base.callers"
        model = Person
        title = "来电人员"
        columns = form = "name phone"
        readonly = True

    ledger(Callers)
    assert any("personal: phone" in fault for fault in ledgers.faults())


@pytest.fixture
def leaver(tree):
    left = clock.today() - timedelta(days=3 * 366 + 40)
    values = {"name": "林老", "phone": "13859700001", "joined_on": left, "left_on": left}
    return create(SYSTEM, Person(org=tree.school, **values))


@pytest.mark.requirement("MLPS.19")
def test_after_the_period_the_data_are_anonymous_and_that_is_kept(leaver, tree):
    fresh = create(SYSTEM, Person(org=tree.school, name="新走的", phone="13859700002", left_on=clock.today()))
    here = create(SYSTEM, Person(org=tree.school, name="还在岗", phone="13859700003"))
    assert erase_due() == 1
    leaver.refresh_from_db()
    assert (leaver.name, leaver.phone, leaver.phone_tail, leaver.pinyin) == ("已匿名", "", "", "")
    for person, phone in ((fresh, "13859700002"), (here, "13859700003")):
        person.refresh_from_db()
        assert person.phone == phone
    entry = AuditEntry.objects.get(action="personal.erase")
    assert (entry.object_id, set(entry.after["fields"])) == (
        str(leaver.pk),
        {"name", "phone", "phone_tail", "pinyin", "initials"},
    )
    assert "林老" not in f"{entry.title}{entry.after}"
    assert erase_due() == 0


def test_accounts_of_leavers_become_anonymous_too(tree):
    user, _ = open_account(None, tree.school, "王二", "wanger", "13900000009")
    set_leaving(None, user, clock.today())
    with clock.moved(clock.now() + timedelta(days=2 * 365)):
        assert erase_due() == 0
    with clock.moved(clock.now() + timedelta(days=3 * 366 + 40)):
        assert erase_due() == 1
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.phone) == ("已匿名", None)
