"""Two records of one person become one: what still counts names the one kept, what ended stays readable."""

import re
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person, leave
from anlan.base.posts import PostHolder
from anlan.base.teams import TeamMember
from anlan.domains.organisation.meetings import Meeting, MeetingTask
from anlan.engines.audit.api import SYSTEM, AuditEntry, create
from anlan.engines.registry.api import ledgers
from anlan.engines.registry.merging import Merger, merge
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.factories import Tree, a_user, sign_in

pytestmark = pytest.mark.django_db


class Office:
    """A school that wrote one person down twice: the first time without an account."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.unit = tree, tree.school
        self.clerk = a_user("school_safety", self.unit)
        self.account = a_user(unit=self.unit)
        self.kept = create(SYSTEM, Person(org=self.unit, name="林一"))
        said = {"name": "林 一", "phone": "13800000001", "duty": "保卫干事"}
        self.lost = create(SYSTEM, Person(org=self.unit, account=self.account, **said))
        meeting = Meeting(org=self.unit, title="例会", place="会议室", held_at=clock.now(), agenda="隐患")
        self.meeting = create(SYSTEM, meeting)

    def task(self, text: str) -> MeetingTask:
        said = {"meeting": self.meeting, "person": self.lost, "text": text, "due_on": clock.today()}
        return create(SYSTEM, MeetingTask(org=self.unit, **said))

    def post(self, client: Client, kept: Person | None = None) -> Any:
        said = {"kept": (kept or self.kept).pk, "reason": "同一人登记了两次"}
        return client.post(f"{self.lost.get_absolute_url()}act/merging", said)

    def state(self) -> list[Any]:
        """What a refused merger leaves as it was."""
        people = Person.unguarded.order_by("pk").values_list(
            "pk", "archived_at", "phone", "account", "version"
        )
        posts = PostHolder.unguarded.order_by("pk").values_list("pk", "person", "version")
        return [*people, *posts, Merger.unguarded.count()]


@pytest.fixture
def office(tree: Tree) -> Office:
    return Office(tree)


def test_what_still_counts_names_the_one_kept_and_what_ended_stays(office: Office, client: Client) -> None:
    holder = create(SYSTEM, PostHolder(org=office.unit, post_id="safety_post.head", person=office.lost))
    open_, done = office.task("换灭火器"), office.task("补台账")
    perform(SYSTEM, done, "finish", {"result": "已补"})
    page = sign_in(client, office.clerk).get(f"{office.lost.get_absolute_url()}act/merging").content.decode()
    assert "有 2 处用到这一条" in page
    answer = office.post(client)
    assert answer["Location"] == office.kept.get_absolute_url()
    for row in (holder, open_, done, office.kept, office.lost):
        row.refresh_from_db()
    assert (holder.person, open_.person, done.person) == (office.kept, office.kept, office.lost)
    assert (office.kept.phone, office.kept.duty, office.kept.name) == ("13800000001", "保卫干事", "林一")
    assert office.lost.archived_at
    shown = re.sub(r"\s+", "", client.get(office.kept.get_absolute_url()).content.decode())
    assert "同一人登记了两次" in shown
    assert "会议任务1处" in shown
    former = client.get(office.lost.get_absolute_url()).content.decode()
    assert f'href="{office.kept.get_absolute_url()}"' in former
    written = AuditEntry.objects.filter(action="merge", user=office.clerk).values_list("model", flat=True)
    assert {"base.person", "base.postholder", "organisation.meetingtask"} <= set(written)
    assert "林 一" not in client.get("/base/people/").content.decode()
    assert office.post(client).status_code == 409


def test_the_account_goes_over_and_rights_follow(office: Office, client: Client) -> None:
    member = create(SYSTEM, TeamMember(org=office.tree.county, person=office.lost, is_admin=True))
    assert office.account.grants.filter(role__code="team_admin").exists()
    assert office.post(sign_in(client, office.clerk)).status_code == 303
    member.refresh_from_db()
    assert member.person == office.kept
    assert Person.unguarded.get(account=office.account) == office.kept
    assert office.account.grants.filter(role__code="team_admin").count() == 1


def test_a_refused_merger_changes_nothing_and_says_why(office: Office, client: Client) -> None:
    for person in (office.lost, office.kept):
        create(SYSTEM, TeamMember(org=office.tree.county, person=person))
    elsewhere = create(SYSTEM, Person(org=office.tree.sister_school, name="林一"))
    before = office.state()
    sign_in(client, office.clerk)
    for kept, words in ((office.kept, "此人已在小组中"), (elsewhere, "选择"), (office.lost, "选择")):
        answer = office.post(client, kept)
        assert answer.status_code == 422, words
        assert words in answer.content.decode()
    create(SYSTEM, Person(org=office.unit, name="乙"))
    assert office.post(client, Person.unguarded.get(name="乙")).status_code == 303
    again = office.state()
    assert again != before
    assert office.post(sign_in(Client(), a_user("school_head", office.unit))).status_code in (403, 409)
    assert (
        office.post(sign_in(Client(), a_user("school_safety", office.tree.sister_school))).status_code == 404
    )
    assert office.state() == again


def test_two_accounts_are_not_made_one(office: Office, client: Client) -> None:
    other = create(SYSTEM, Person(org=office.unit, name="林一", account=a_user(unit=office.unit)))
    before = office.state()
    said = {"kept": office.lost.pk, "reason": "同一人"}
    answer = sign_in(client, office.clerk).post(f"{other.get_absolute_url()}act/merging", said)
    assert answer.status_code == 422
    assert "两条记录各有账号" in answer.content.decode()
    assert office.state() == before


def test_of_two_at_once_the_second_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person kept left while the form was open."""
    leave(SYSTEM, Person.unguarded.get(pk=office.kept.pk))
    before = office.state()
    with pytest.raises(Conflict):
        merge(SYSTEM, ledgers["base.people"], office.lost, office.kept, "同一人")
    assert office.state() == before
