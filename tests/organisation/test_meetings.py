"""Safety meetings with sign-in and tasks, and the emergency contacts (S05.5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from anlan.base.people import Person
from anlan.domains.organisation.contacts import Contact
from anlan.domains.organisation.meetings import Meeting, MeetingTask
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in

pytestmark = pytest.mark.django_db


def somebody(tree: Tree, role: str, name: str) -> tuple[Person, Client]:
    account = a_user(role, tree.school, name=name)
    return create(SYSTEM, Person(org=tree.school, name=name, account=account)), sign_in(Client(), account)


@pytest.mark.requirement("S05.5")
def test_a_meeting_keeps_agenda_sign_in_minutes_and_tasks() -> None:
    tree = a_tree()
    head, desk = somebody(tree, "school_head", "王校长")
    guard, phone = somebody(tree, "guard", "李保安")
    absent, _ = somebody(tree, "staff", "张老师")
    said: dict[str, Any] = {"title": "例会", "place": "会议室", "held_at": clock.now(), "agenda": "通报隐患"}
    meeting = create(SYSTEM, Meeting(org=tree.school, minutes="布置整改", **said))
    meeting.attendees.set([head, guard, absent])
    url = meeting.get_absolute_url()

    desk.post(f"{url}act/call", {"idempotency": "a"})
    assert Message.objects.filter(title__contains="例会").count() == 3
    for number, client in enumerate((desk, phone, phone)):
        client.post(f"{url}act/sign_in", {"idempotency": f"b{number}"})
    due = clock.today() + timedelta(days=5)
    task = {"person": guard.pk, "text": "更换灭火器", "due_on": due.isoformat(), "idempotency": "c"}
    desk.post(f"{url}act/assign", task)

    page = desk.get(url).content.decode()
    for words in ("通报隐患", "布置整改", "签到 2 人", "未签到 1 人", "张老师", "更换灭火器", "待完成"):
        assert words in page
    account: Any = guard.account
    assert [todo.title for todo in todos_for(account)] == ["更换灭火器"]
    made = MeetingTask.objects.unscoped().get()
    finish = {"result": "已更换", "idempotency": "d", "version": made.version}
    assert desk.post(f"{made.get_absolute_url()}move/finish", finish).status_code in (403, 409)
    phone.post(f"{made.get_absolute_url()}move/finish", finish)
    assert not todos_for(account).exists()
    assert "已完成" in desk.get(url).content.decode()


@pytest.mark.requirement("S05.5")
def test_contacts_say_when_they_were_checked_and_other_schools_do_not_see_them() -> None:
    tree = a_tree()
    desk = sign_in(Client(), a_user("school_safety", tree.school))
    long_ago = clock.today() - timedelta(days=settings.CONTACT_DAYS + 1)
    said: dict[str, Any] = {"kind": "police", "name": "派出所", "phone": "0595-85550110"}
    contact = create(SYSTEM, Contact(org=tree.school, checked_on=long_ago, **said))
    url = f"/organisation/contacts/{contact.pk}/"
    assert "超过一学期未核对" in desk.get("/organisation/contacts/?stale=1").content.decode()
    desk.post(f"{url}act/check", {"idempotency": "a"})
    assert "超过一学期未核对" not in desk.get("/organisation/contacts/").content.decode()
    assert contact.phone not in desk.get("/organisation/contacts/?stale=1").content.decode()

    bureau = sign_in(Client(), a_user("bureau_safety", tree.county))
    other = sign_in(Client(), a_user("school_safety", tree.sister_school))
    assert bureau.get(url).status_code == 200
    assert other.get(url).status_code == 404
    bad = {"org": tree.school.pk, **said, "phone": "12", "checked_on": clock.today().isoformat()}
    refused = desk.post("/organisation/contacts/new", bad)
    assert refused.status_code == 422
    assert "电话不对" in refused.content.decode()
