"""What bodies, meetings and letters put on desks (D11.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.base.people import Person
from anlan.domains.organisation.issuing import issue_letters, sign_letter
from anlan.domains.organisation.letters import Letter
from anlan.domains.organisation.meetings import Meeting, MeetingTask
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.organisation.conftest import Bureau
from tests.safety.conftest import County


def letter(county: County) -> Iterator[tuple[Any, str]]:
    """A letter to sign."""
    bureau = Bureau()
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1"))
    yield bureau.account(bureau.heads[0]), "act/sign"
    sign_letter(Actor.person(bureau.account(bureau.heads[0]), "web"), Letter.objects.unscoped().get())


def meeting(county: County) -> Iterator[tuple[Any, str]]:
    """What a meeting decided somebody is to do."""
    unit, staff = county.units["school"], county.person("hui", "staff", "school")
    person = create(SYSTEM, Person(org=unit, name="会", account=staff))
    said = {"title": "例会", "place": "会议室", "held_at": clock.now(), "agenda": "隐患"}
    held = create(SYSTEM, Meeting(org=unit, **said))
    said = {"meeting": held, "person": person, "text": "换灭火器", "due_on": clock.today()}
    decided = create(SYSTEM, MeetingTask(org=unit, **said))
    yield staff, "move/finish"
    perform(Actor.person(staff, "phone"), decided, "finish", {"result": "已换"})
