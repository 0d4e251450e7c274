"""What lies outside a person's scope changes nothing of what the person sees: no row, number, option or page.

The proof compares: everything the person can open is read, then rows of every ledger, accounts, tasks, messages
and files are planted in units outside, and everything is read once more. It has to be the same to the letter.
"""

from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from anlan.engines.analytics import figures
from anlan.engines.audit.api import AuditEntry
from anlan.engines.messaging import pages as message_pages
from anlan.engines.messaging.inbox import Message
from anlan.engines.org.api import Grant, OrgUnit
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks import todos
from anlan.kernel import clock
from tests.conformance.faults import Unscoped
from tests.conformance.sight import Eyes, populate, populate_addresses
from tests.conformance.test_access_matrix import NARROWED
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.turns import by_turns

pytestmark = pytest.mark.django_db

# Who looks: a ready-made role over these units.
PEOPLE = {
    "a bureau's officer for three schools": ("bureau_safety", "S1 S2 S3"),
    "the head of one school": ("school_head", "S2"),
    "a township's officer": ("township_officer", "3505821"),
    "a city's bureau": ("upper_safety", "350500"),
    "a province's bureau": ("upper_safety", "350000"),
    "a neighbour's bureau": ("bureau_safety", "350583"),
    "the liaison of the police": ("agency_liaison", "A1"),
    "the administrator of one school": ("unit_admin", "S2"),
}
# Who is asked for every page of a ledger; the others for every list and every address without a parameter.
THOROUGH = "a bureau's officer for three schools"
# Who looks in every run; the others, and THOROUGH at every ledger, in `make soak`.
USUAL = (THOROUGH, "the head of one school", "the liaison of the police", "the administrator of one school")
# What further schools there are: a fourth one of the county, and one of another province.
FURTHER = (
    ("S5", "磁灶小学", "school", "3505822"),
    ("360000", "江西省教育厅", "province", ""),
    ("S6", "赣州一小", "school", "360000"),
)
SCHOOLS = ("S1", "S2", "S3", "S4", "S5", "S6")


def units() -> Tree:
    tree = a_tree()
    for code, name, kind, parent in FURTHER:
        tree.units[code] = OrgUnit.objects.create(
            code=code, name=name, kind=kind, parent=tree.units.get(parent)
        )
    return tree


def eyes(tree: Tree, who: str) -> Eyes:
    role, codes = PEOPLE[who]
    return Eyes(role, [tree[code] for code in codes.split()])


@pytest.mark.long
@pytest.mark.requirement("X.3", "ARCH.14")
@pytest.mark.parametrize("who", by_turns(USUAL))
def test_what_lies_outside_changes_nothing_of_what_one_sees(who: str) -> None:
    assert_outside_changes_nothing(who, every=6)


def assert_outside_changes_nothing(who: str, every: int) -> None:
    """Planted rows change no page of each ``every``-th ledger; THOROUGH opens the further pages of a part."""
    with clock.moved(clock.now()):
        tree = units()
        person = eyes(tree, who)
        mine = [tree[code] for code in SCHOOLS if person.covers(tree[code])]
        foreign = [tree[code] for code in SCHOOLS if not person.covers(tree[code])]
        for unit in mine[:2]:
            populate(unit)
        opened = person.open_to()[::every]
        for ledger in opened:
            assert_all_of_mine(person, ledger)
        urls = list(person.pages(opened))
        if who == THOROUGH:
            urls += [url for ledger in opened[:: every**2] for url in person.further(ledger, foreign[0].name)]
        before = person.look(urls)
        planted = [populate(unit) for unit in (foreign[0], foreign[-1])]
        populate_addresses(foreign[0])
        after = person.look(urls)
        changed = [url for url in before if before[url] != after.get(url)]
        assert not changed, difference(before[changed[0]], after.get(changed[0], ""))
        assert set(after) == set(before)
        for unit in foreign:
            assert not [url for url in before if unit.name in unsearched(before[url], foreign[0].name)], unit
        assert_nothing_of_theirs(person, opened, planted[0])


def assert_all_of_mine(person: Eyes, ledger: Any) -> None:
    """The interface lists exactly what the units hold, by the tree alone."""
    wanted = set(
        ledger.refine(ledger.model.objects.unscoped().filter(person.inside)).values_list("pk", flat=True)
    )
    answer = person.client.get(f"/api{ledger.url}", {"archived": "all", "size": 100}).json()
    shown = {row["id"] for row in answer["results"]}
    own_only = not Grant.objects.filter(
        user=person.user, role__permissions__permission=ledger.permission("view")
    ).exists()
    if own_only or ledger.code in NARROWED:
        assert shown <= wanted, ledger.code
    else:
        assert (shown, answer["count"]) == (wanted, len(wanted)), ledger.code


def assert_nothing_of_theirs(person: Eyes, opened: list[Any], planted: dict[str, Any]) -> None:
    for ledger in opened:
        record = planted[ledger.code]
        for url in (
            ledger.url_of(record),
            f"{ledger.url_of(record)}print",
            f"{ledger.url_of(record)}pdf",
            f"/api{ledger.url}{record.pk}",
        ):
            assert person.client.get(url).status_code == 404, url


def unsearched(page: str, words: str) -> str:
    """The page without the words the person typed."""
    return page.replace(f'value="{words}"', "").replace(f"q={words}", "")


def difference(before: str, after: str) -> str:
    """Where two pages part."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    return f"{before[max(0, at - 200) : at + 200]}\n=> {after[max(0, at - 200) : at + 200]}"


# -- the comparison notices a leak ---------------------------------------------------------------------------


def _figures(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(figures, "Listing", Unscoped)


def _messages(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(message_pages, "messages_for", lambda user: Message.objects.all())


def _badges(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(todos, "addressed_to", lambda user: Q(pk__gt=0))


LEAKS = {
    "statistics": ("/analysis/safety/hazards/", _figures),
    "the workbench": ("/", _figures),
    "messages": ("/messages/", _messages),
    "badges": ("/todos/", _badges),
}


@pytest.mark.parametrize("leak", list(LEAKS))
def test_a_planted_leak_is_noticed(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url, plant = LEAKS[leak]
    plant(monkeypatch)
    with clock.moved(clock.now()):
        tree = units()
        person = eyes(tree, THOROUGH)
        before = person.look([url])
        populate(tree["S4"], [ledgers["safety.hazards"]])
        populate_addresses(tree["S4"])
        assert person.look([url]) != before


# -- rights end at once, and all of it is written down -------------------------------------------------------


@pytest.mark.requirement("X.3")
def test_a_right_taken_away_is_gone_at_the_next_request_and_both_are_written_down(client: Client) -> None:
    tree = units()
    officer = a_user("security_admin", tree.province)
    person = a_user("", tree.county)
    office, desk = sign_in(client, officer), sign_in(Client(), person)
    assert desk.get("/safety/hazards/").status_code == 403
    refusal = AuditEntry.objects.get(action="refused", user=person)
    assert (refusal.succeeded, refusal.after["permission"]) == (False, "safety.hazards.view")
    role = Grant._meta.get_field("role").related_model.objects.get(code="bureau_safety")
    given = {"username": person.username, "role": role.pk, "unit": tree.county.code}
    assert office.post("/grants/new/", given).status_code == 302
    assert desk.get("/safety/hazards/").status_code == desk.get("/api/safety/hazards/").status_code == 200
    grant = Grant.objects.get(user=person)
    assert office.post(f"/grants/{grant.pk}/take-back/").status_code == 302
    assert desk.get("/safety/hazards/").status_code == desk.get("/api/safety/hazards/").status_code == 403
    acts = AuditEntry.objects.filter(user=officer, action__startswith="grant.").order_by("pk")
    assert [entry.action for entry in acts] == ["grant.add", "grant.remove"]
    assert acts[0].after["role"] == acts[1].before["role"] == "bureau_safety"
