"""Roles as data, grants within one's own rights, three separated offices, effect at the next request."""

from datetime import timedelta

import pytest

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity import composing, granting
from anlan.engines.identity.api import User, give, take_back
from anlan.engines.org.api import Grant, Role, declared_permissions, declared_roles, may, scope
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected
from tests.factories import a_grant, a_role, a_user

SEE = "safety.hazards.view"
OFFICES = ("system_admin", "security_admin", "auditor")


@pytest.fixture
def security(tree):
    return a_user("security_admin", tree.county)


@pytest.fixture
def granter(tree):
    """May grant in the county, and sees hazards of one township only."""
    user = a_user("", tree.county)
    a_grant(user, a_role("granter", "identity.grants.view", "identity.grants.add").code, tree.county)
    a_grant(user, a_role("seer", SEE).code, tree.township)
    return user


def fresh(user):
    user.__dict__.pop("_rights", None)
    return user


def test_a_grant_works_and_ends_at_the_next_request(security, tree, client):
    user = a_user("", tree.county)
    client.force_login(user)
    assert client.get("/accounts/").status_code == 403
    grant = give(security, user, Role.objects.get(code="unit_admin"), tree.county)
    assert client.get("/accounts/").status_code == 200
    take_back(security, grant)
    assert client.get("/accounts/").status_code == 403
    added, removed = AuditEntry.objects.filter(action__startswith="grant.").order_by("pk")
    assert (added.after["role"], removed.before["role"]) == ("unit_admin", "unit_admin")


def test_a_changed_role_works_at_the_next_request(security, tree, client):
    role = a_role("clerk", SEE)
    user = a_user("clerk", tree.county)
    client.force_login(user)
    assert client.get("/accounts/").status_code == 403
    composing.compose(security, role, "clerk", {SEE, "identity.accounts.view"})
    assert client.get("/accounts/").status_code == 200
    entry = AuditEntry.objects.get(action="role.compose")
    assert entry.before["permissions"] == [SEE]
    assert entry.after["permissions"] == ["identity.accounts.view", SEE]


def test_a_grant_holds_for_its_period_only(security, tree):
    user, today = a_user("", tree.county), clock.today()
    role = a_role("seer", SEE)
    give(
        security,
        user,
        role,
        tree.county,
        starts_on=today + timedelta(days=1),
        ends_on=today + timedelta(days=2),
    )
    assert not may(fresh(user), SEE)
    for days, held in ((1, True), (2, True), (3, False)):
        with clock.moved(clock.now() + timedelta(days=days)):
            assert may(fresh(user), SEE) is held


def test_a_period_backwards_is_refused(security, tree):
    user, today = a_user("", tree.county), clock.today()
    with pytest.raises(Rejected):
        give(
            security,
            user,
            a_role("seer", SEE),
            tree.county,
            starts_on=today,
            ends_on=today - timedelta(days=1),
        )


def test_nobody_grants_to_oneself(security, granter, tree):
    for person in (security, granter):
        with pytest.raises(Forbidden, match="自己"):
            give(person, person, Role.objects.get(code="seer"), tree.township)
    assert AuditEntry.objects.filter(action="grant.add", succeeded=False).count() == 2


def test_nobody_grants_beyond_the_own_rights(granter, tree):
    user = a_user("", tree.township)
    seer, more = Role.objects.get(code="seer"), a_role("more", SEE, "safety.hazards.edit")
    give(granter, user, seer, tree.township)
    with pytest.raises(Forbidden, match="超出"):
        give(granter, user, seer, tree.county)
    with pytest.raises(Forbidden, match="超出"):
        give(granter, user, more, tree.township)
    with pytest.raises(Forbidden):
        give(granter, user, seer, tree.far_school)
    assert scope(fresh(user), SEE).paths == (tree.township.path,)


def test_granters_hand_out_no_office(granter, tree):
    with pytest.raises(Forbidden):
        give(granter, a_user("", tree.county), Role.objects.get(code="auditor"), tree.county)


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in OFFICES for b in OFFICES if a != b])
def test_two_offices_on_one_account_are_refused(tree, first, second):
    giver = a_user("security_admin", tree.province)
    user = a_user(first, tree.county)
    with pytest.raises(Rejected, match="兼任"):
        give(giver, user, Role.objects.get(code=second), tree.county)
    assert Grant.objects.filter(user=user).count() == 1
    assert AuditEntry.objects.filter(action="grant.add", succeeded=False).exists()


def test_rights_of_offices_go_into_no_other_role(security):
    for code in ("audit.entries.view", "identity.roles.edit", "identity.policy.edit"):
        with pytest.raises(Rejected, match="专有"):
            composing.compose(security, None, "万能角色", {code, SEE})
    with pytest.raises(Forbidden, match="固定"):
        composing.compose(security, Role.objects.get(code="auditor"), "审计", {SEE})


def test_nobody_changes_a_role_one_holds(security, tree):
    role = a_role("clerk", "identity.accounts.view")
    a_grant(security, "clerk", tree.county)
    with pytest.raises(Forbidden, match="自己担任"):
        composing.compose(security, role, "clerk", {"identity.accounts.view", SEE})


def test_undeclared_rights_are_refused(security):
    with pytest.raises(Rejected, match="没有这项权限"):
        composing.compose(security, None, "幻想", {"safety.moon.view"})


def test_offices_hold_no_business_right():
    """The three offices read no business data: their ready-made rights belong to engines.

    The catalogues list the kinds of data, their sources and why they are kept, and no record.
    """
    offices = {role.code for role in declared_roles if role.office}
    assert offices == set(OFFICES)
    engines = (
        "identity.",
        "audit.",
        "org.",
        "messaging.",
        "tasks.",
        "forms.",
        "exchange.",
        "files.",
        "registry.",
    )
    held = [item.code for item in declared_permissions if offices & set(item.roles)]
    assert held
    lists_of_kinds = {"base.data_catalogue.view", "base.personal_data.view"}
    assert {code for code in held if not code.startswith(engines)} <= lists_of_kinds


def test_each_office_opens_its_own_pages_and_no_other(tree, client):
    doors = {
        "system_admin": {"/accounts/", "/activations/", "/account-requests/"},
        "security_admin": {"/roles/", "/grants/", "/policy/"},
        "auditor": {"/audit/"},
    }
    for office, own in doors.items():
        client.force_login(a_user(office, tree.province))
        for url in set.union(*doors.values()):
            assert client.get(url).status_code == (200 if url in own else 403), (office, url)


def test_the_auditor_changes_nothing_and_every_try_is_kept(tree, client, teacher):
    auditor = a_user("auditor", tree.province)
    client.force_login(auditor)
    tries = [f"/accounts/{teacher.pk}/disable/", "/accounts/open/", "/roles/new/", "/grants/new/", "/policy/"]
    for url in tries:
        assert client.post(url, {}).status_code == 403, url
    kept = AuditEntry.objects.filter(action="refused", user=auditor, succeeded=False)
    assert [entry.title for entry in kept.order_by("pk")] == [f"POST {url}" for url in tries]


def test_a_role_is_composed_on_its_page(security, tree, client):
    client.force_login(security)
    answer = client.post("/roles/new/", {"title": "只看账号", "app_identity": ["identity.accounts.view"]})
    role = Role.objects.get(title="只看账号")
    assert answer["Location"] == f"/roles/{role.pk}/"
    assert composing.held(role) == {"identity.accounts.view"}
    assert client.post("/roles/new/", {"title": "只看账号"}).status_code == 422


def test_a_grant_is_given_and_taken_on_its_page(security, tree, client, teacher):
    client.force_login(security)
    role = Role.objects.get(code="bureau_viewer")
    data = {"username": "LINYI", "role": role.pk, "unit": "350582"}
    assert client.post("/grants/new/", data).status_code == 302
    grant = Grant.objects.get(user=teacher, role=role)
    assert client.post(f"/grants/{grant.pk}/take-back/").status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert client.post("/grants/new/", {**data, "unit": "S4"}).status_code == 422


def test_grants_elsewhere_are_not_found(tree, client):
    grant = a_grant(a_user("", tree.county), "bureau_viewer", tree.county)
    client.force_login(a_user("security_admin", tree.other_county))
    assert client.get(f"/grants/{grant.pk}/").status_code == 404
    assert client.post(f"/grants/{grant.pk}/take-back/").status_code == 404


def test_the_policy_keeps_within_bounds_and_is_audited(security, client):
    client.force_login(security)
    page = client.get("/policy/")
    values = {f.name: f.value() for f in page.context["form"] if f.name != "second_factor_roles"}
    assert client.post("/policy/", {**values, "failures": 4}).status_code == 302
    entry = AuditEntry.objects.get(action="policy.change")
    assert (entry.before["failures"], entry.after["failures"]) == (5, 4)
    assert client.post("/policy/", {**values, "failures": 99}).status_code == 422
    assert client.post("/policy/", {**values, "password_length": 4}).status_code == 422


def test_holders_finds_who_has_a_right_over_a_unit(tree, teacher):
    boss = a_user("unit_admin", tree.city)
    assert set(granting.holders("identity.accounts.view", tree.school)) == {boss}


@pytest.mark.requirement("MLPS.08")
def test_the_three_offices_are_apart_and_read_and_change_only_their_own(security, tree, client, teacher):
    person = a_user("", tree.province)
    give(security_of(tree), person, Role.objects.get(code="system_admin"), tree.province)
    for other in ("security_admin", "auditor"):
        with pytest.raises(Rejected):
            give(security_of(tree), person, Role.objects.get(code=other), tree.province)
    assert [grant.role.code for grant in Grant.objects.filter(user=person)] == ["system_admin"]

    client.force_login(person)
    entry = AuditEntry.objects.latest("pk")
    closed = [f"/audit/{entry.pk}/", "/audit/", "/audit/export.csv", "/audit/copies/"]
    asked = list(ledgers)[::3]
    for url in [*closed, *(ledger.url for ledger in asked), *(f"/api{ledger.url}" for ledger in asked)]:
        assert client.get(url).status_code == 403, url
    for url in closed[:2]:
        assert client.post(url).status_code == 403, url
    kept = AuditEntry.objects.filter(user=person, action="refused", succeeded=False)
    assert kept.count() >= len(asked) * 2 + len(closed)

    auditor = a_user("auditor", tree.province)
    client.force_login(auditor)
    before = {model: model.objects.count() for model in (Role, Grant, User)}
    for ledger in asked:
        for url in (f"{ledger.url}new", f"{ledger.url}bulk", f"/api{ledger.url}"):
            assert client.post(url, {}, "application/json").status_code in (403, 405), url
    for url in (
        "/accounts/open/",
        "/roles/new/",
        "/grants/new/",
        "/policy/",
        f"/accounts/{teacher.pk}/disable/",
    ):
        assert client.post(url).status_code == 403, url
    assert {model: model.objects.count() for model in before} == before
    assert AuditEntry.objects.filter(user=auditor, action="refused", succeeded=False).count() > len(asked)


def security_of(tree):
    """The province's security officer."""
    return User.objects.filter(username="secprov").first() or a_user(
        "security_admin", tree.province, username="secprov"
    )
