"""A county whose bureau issues a directory for two schools, in the first weeks of a school year."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.issuing import issue
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Directory, Section
from anlan.domains.organisation.meetings import Meeting
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user

TODAY = date(2026, 10, 20)


class Shelf:
    """The bureau, two schools, and makers of what stands on the shelf."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.keeper = a_user("school_safety", self.tree.school, name="何老师")
        self.sister = a_user("school_safety", self.tree.sister_school, name="李老师")

    def directory(self, year: str = "2026-2027", **said: Any) -> Directory:
        """A draft of the bureau."""
        return create(SYSTEM, Directory(org=self.tree.county, title="安全台账目录", year=year, **said))

    def section(self, directory: Directory | None, title: str, **said: Any) -> Section:
        """An entry, of the draft or of the school itself."""
        unit = directory.org if directory else self.tree.school
        values = {"kind": "duty", "materials": "" if said.get("source") else "材料", **said}
        return create(SYSTEM, Section(org=unit, directory=directory, title=title, **values))

    def meetings(self, **said: Any) -> Section:
        """The issued entry that gathers meetings."""
        directory = self.directory()
        entry = self.section(
            directory, "会议台账", kind="meeting", source="organisation.meetings:held_at", **said
        )
        issue(Actor.person(self.bureau), directory)
        return entry

    def meeting(self, title: str = "例会", day: date = TODAY, **said: Any) -> Meeting:
        """A meeting of the first school."""
        held = datetime.combine(day, time(15), clock.zone())
        values = {"org": self.tree.school, "place": "会议室", "agenda": "隐患", **said}
        return create(SYSTEM, Meeting(title=title, held_at=held, **values))

    def item(self, section: Section, **said: Any) -> Item:
        """Material of the first school, of today."""
        values = {"org": self.tree.school, "title": "材料", **said}
        return create(SYSTEM, Item(section=section, **values))

    def exemption(self, section: Section, **said: Any) -> Exemption:
        """The first school asks to leave it out."""
        values = {"org": self.tree.school, "reason": "本校没有校车", **said}
        return create(SYSTEM, Exemption(section=section, **values))

    def url(self, section: Section | None = None) -> str:
        """The page of the first school, or of one of its ledgers."""
        home = f"/accounts/schools/{self.tree.school.pk}/"
        return f"{home}sections/{section.pk}/" if section else home


@pytest.fixture
def shelf(db: None, settings: Any, tmp_path: Path) -> Iterator[Shelf]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.moved(datetime.combine(TODAY, time(9), clock.zone())):
        yield Shelf()
