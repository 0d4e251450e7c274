"""A bureau with its leader, two schools whose heads hold the post of the first responsible person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from anlan.base.people import Person
from anlan.base.posts import PostHolder
from anlan.domains.organisation.letters import LetterIssue, LetterTemplate
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user

WORDS = "【签发单位】与【单位】【姓名】（【岗位】）签订【学年】学年责任书。"


class Bureau:
    """The people, and a draft of an issue."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.leader = a_user("bureau_leader", self.tree.county, name="陈局")
        self.heads = [
            self.in_post(self.tree[code], name) for code, name in (("S1", "王校长"), ("S2", "李校长"))
        ]
        said = {"title": "校园安全目标责任书", "level": "school", "body": WORDS}
        self.template = create(SYSTEM, LetterTemplate(org=self.tree.county, **said))

    def in_post(self, unit: OrgUnit, name: str) -> PostHolder:
        """Somebody with an account who heads a school."""
        account = a_user("school_head", unit, name=name)
        person = create(SYSTEM, Person(org=unit, name=name, account=account))
        return create(SYSTEM, PostHolder(org=unit, post_id="safety_post.head", person=person))

    def draft(self, *codes: str) -> LetterIssue:
        """An issue to the heads of these schools."""
        due = clock.today() + timedelta(days=10)
        said: dict[str, Any] = {"template": self.template, "title": self.template.title, "due_on": due}
        issue = create(
            self.actor(self.leader), LetterIssue(org=self.tree.county, post_id="safety_post.head", **said)
        )
        issue.schools.set([self.tree[code] for code in codes])
        return issue

    @staticmethod
    def actor(user: User) -> Actor:
        """On the web, with rights read anew."""
        return Actor.person(User.objects.get(pk=user.pk), "web")

    @staticmethod
    def account(holder: PostHolder) -> User:
        """The account of somebody in a post."""
        return User.objects.get(pk=holder.person.account_id)


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SITE_URL = "https://safety.example.edu.cn"
