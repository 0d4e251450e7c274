"""A bureau that tells, and schools that are told: notices, tasks, reports."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.schools import School
from anlan.domains.safety.audiences import address
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.sending import publish
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from tests.factories import Tree, a_tree, a_user

KINDS = {"S1": "primary", "S2": "kindergarten", "S3": "kindergarten", "S4": "kindergarten"}


def web(user: User) -> Actor:
    """The person at the desk."""
    return Actor.person(user, "web")


def paper(name: str = "方案.txt", text: str = "防火工作方案") -> SimpleUploadedFile:
    """A small document."""
    return SimpleUploadedFile(name, text.encode(), "text/plain")


class Town:
    """A county bureau with a clerk; schools of types, each with a head; a neighbour county."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.county = self.tree.county
        self.schools = {code: self._profile(self.tree[code], kind) for code, kind in KINDS.items()}
        self.clerk = a_user("bureau_safety", self.county, name="周科长")
        self.heads = {
            code: a_user("school_head", self.tree[code], name=f"{self.tree[code].name}校长") for code in KINDS
        }
        self.contact = a_user("school_contact", self.tree.school, name="联络员")

    def _profile(self, unit: OrgUnit, kind: str) -> School:
        nature = "school_nature.public"
        town = unit.parent if unit.parent and unit.parent.kind == "township" else None
        return create(SYSTEM, School(org=unit, name=unit.name, kind=kind, nature_id=nature, town=town))

    def __getitem__(self, code: str) -> OrgUnit:
        return self.tree[code]

    def draft(self, **values: Any) -> Notice:
        """A draft of the bureau."""
        said = {"org": self.county, "title": "冬季防火", "body": "请逐项排查。", "created_by": self.clerk}
        return create(web(self.clerk), Notice(**said | values))

    def sent(self, *codes: str, **values: Any) -> Notice:
        """A notice published to schools by name."""
        notice = self.draft(**values)
        address(web(self.clerk), notice, {"named": [self[code] for code in codes or ("S1", "S2")]})
        return publish(web(self.clerk), notice)

    def copy(self, notice: Notice, code: str = "S1") -> NoticeCopy:
        """The notice at one school."""
        return NoticeCopy.unguarded.select_related("notice", "org").get(notice=notice, org=self[code])


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def main_of(response: Any) -> str:
    """The words of a page without what surrounds it."""
    return response.content.decode().split("<main")[1]


def opened(client: Client, url: str) -> str:
    """A page that opens, as text."""
    response = client.get(url, follow=True)
    assert response.status_code == 200, (url, response.status_code)
    return main_of(response)


def read_list(client: Client, notice: Notice, query: str) -> list[str]:
    """Schools the list of copies shows under a condition."""
    page = opened(client, f"/safety/notice-copies/?notice={notice.pk}&{query}")
    return re.findall(r'href="/safety/notice-copies/\d+/"[^>]*>([^<]+)<', page)
