"""The message centre as people use it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.engines.messaging.api import Message, MessagePreference, declare_event, send, unread_count
from anlan.engines.messaging.declaring import declared_events, kinds
from anlan.engines.messaging.framing import _unread
from anlan.engines.org.api import Grant
from anlan.engines.tasks.models import SchoolTask
from anlan.kernel import clock
from tests.factories import sign_in
from tests.tasks.conftest import Office as TaskOffice


@pytest.fixture
def desk(db) -> TaskOffice:
    """A county in which tasks are given, which makes messages with links."""
    return TaskOffice()


def words(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_unread_number_equals_the_list_and_falls_on_opening(desk, client, rf):
    desk.give(desk.clerk, (desk.first,), day=clock.today() + timedelta(days=1))
    send("messaging.urged", [desk.head], key="k", context={"by": "王科", "note": ""})
    head, request = sign_in(client, desk.head), rf.get("/")
    request.user = desk.head
    page = words(head.get("/messages/"))
    assert "未读 2 条" in page
    assert _unread(request) == unread_count(desk.head) == 2 == page.count(">未读</span>")
    assert words(head.get("/messages/?kind=urge")).count(">未读</span>") == 1
    message = Message.objects.get(event="tasks.assigned", addressee=desk.head)
    opened = head.get(reverse("messages:open", args=[message.pk]))
    assert (opened.status_code, opened["Location"]) == (302, message.url)
    assert "消防自查" in words(head.get(message.url))
    assert unread_count(desk.head) == 1
    assert head.post("/messages/read-all/").status_code == 303
    assert unread_count(desk.head) == 0
    assert "没有未读消息" in words(head.get("/messages/?view=unread"))


def test_a_message_about_what_left_the_scope_opens_nothing_and_says_why(desk, client):
    desk.give(desk.clerk, (desk.first,), day=clock.today() + timedelta(days=1))
    message = Message.objects.get(addressee=desk.head)
    Grant.objects.filter(user=desk.head).update(unit=desk.second)
    page = words(sign_in(client, desk.head).get(f"/messages/{message.pk}/"))
    assert "不在您的管理范围内" in page
    assert message.url not in page
    Grant.objects.filter(user=desk.head).delete()
    assert "没有查看这件事的权限" in words(client.get(f"/messages/{message.pk}/"))


@pytest.mark.requirement("D06.7")
def test_one_event_of_each_kind_arrives_once_with_a_working_link(desk, client, monkeypatch):
    monkeypatch.setattr(declared_events, "_frozen", False)
    monkeypatch.setattr(declared_events, "_items", dict(declared_events._items))
    desk.give(desk.clerk, (desk.first,), day=clock.today() + timedelta(days=1))
    Message.objects.all().delete()
    task, head = SchoolTask.unguarded.get(), sign_in(client, desk.head)
    for kind in kinds:
        declare_event(f"each.{kind.code}", kind.code, "{record}")
        for _ in range(2):
            send(f"each.{kind.code}", [desk.head], task)
    for kind in kinds:
        listed = words(head.get("/messages/", {"kind": kind.code}))
        assert listed.split('id="rows"')[1].count(f">{kind.title}</td>") == 1
    assert (
        unread_count(desk.head) == len(kinds) == words(head.get("/messages/?size=50")).count(">未读</span>")
    )
    for message in Message.objects.all():
        assert words(head.get(f"/messages/{message.pk}/", follow=True)).count("任务要求") == 1
    assert unread_count(desk.head) == 0
    Grant.objects.filter(user=desk.head).update(unit=desk.second)
    closed = words(head.get(f"/messages/{Message.objects.first().pk}/"))
    assert "不在您的管理范围内" in closed
    assert "任务要求" not in closed


def test_somebody_elses_message_is_not_found(desk, client):
    send("messaging.urged", [desk.head], key="k", context={"by": "王科", "note": ""})
    message = Message.objects.get()
    assert sign_in(client, desk.anna).get(f"/messages/{message.pk}/").status_code == 404
    client.post("/messages/read-all/")
    assert unread_count(desk.head) == 1
    assert "催办" not in words(client.get("/messages/")).split("<main")[1].split('id="rows"')[1]


def test_a_link_that_leads_nowhere_says_so(desk, client):
    send("messaging.urged", [desk.head], key="k", url="/no/such/place/", context={"by": "王科", "note": ""})
    assert "打不开" in words(sign_in(client, desk.head).get(f"/messages/{Message.objects.get().pk}/"))


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/messages/").status_code == 302


def test_quiet_hours_and_kinds_are_chosen_on_the_settings_page(desk, client):
    head = sign_in(client, desk.head)
    assert "免打扰" in words(head.get("/messages/settings/"))
    values = {"quiet_from": "21:00", "quiet_to": "08:00", "quiet_on_holidays": "on", "mute_sms": ["task"]}
    assert head.post("/messages/settings/", values).status_code == 303
    stored = MessagePreference.objects.get(user=desk.head)
    assert (stored.quiet_from.hour, stored.quiet_on_holidays) == (21, True)
    assert not stored.allows("sms", "task")
    assert stored.allows("wechat", "task")
    assert head.post("/messages/settings/", values | {"quiet_from": "xx"}).status_code == 422
    assert head.post("/messages/settings/", values | {"mute_sms": ["nonsense"]}).status_code == 422
