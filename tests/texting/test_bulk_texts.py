"""Text messages to many: every recipient logged, none twice, what failed sent again (ARCH.16)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.domains.texting.dispatching import hand_over
from anlan.domains.texting.patterns import Pattern
from anlan.domains.texting.sendings import Sending, typed_lines
from anlan.domains.texting.texts import Text
from anlan.engines.audit.api import SYSTEM, AuditEntry, change, create
from anlan.engines.tasks.api import Job
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.messaging.conftest import Gateway, gateway

pytestmark = pytest.mark.django_db
assert gateway
BODY = "【姓名】您好，请【单位】于周五前上报。"


class Office:
    """A bureau's desk with a template and a draft to three people."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.clerk = a_user("bureau_safety", tree.county)
        self.people = [
            create(SYSTEM, Person(org=tree.school, name=name, phone=phone))
            for name, phone in (("林一", "13800000001"), ("何二", "13800000002"), ("周三", ""))
        ]
        self.pattern = create(SYSTEM, Pattern(org=tree.county, title="上报", body=BODY))
        self.sending = self.draft(others="王四 13800000004\n赵五 12345\n何二 13800000002")

    def draft(self, **said: Any) -> Sending:
        values = {"title": "汛期排查", "pattern": self.pattern} | said
        made = create(SYSTEM, Sending(org=self.tree.county, **values))
        return change(SYSTEM, made, {"people": self.people})

    def press(self, client: Client, sending: Sending, verb: str = "send") -> Any:
        return client.post(f"{sending.get_absolute_url()}act/{verb}")


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    return Office(a_tree())


def run() -> dict[str, Any]:
    """The worker does what was queued last."""
    job = Job.objects.latest("pk")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    return hand_over(job, **job.values)


@pytest.mark.requirement("ARCH.16")
def test_each_recipient_is_logged_once_and_failures_stop_nobody(
    office: Office, gateway: Gateway, client: Client
) -> None:
    sign_in(client, office.clerk)
    asked = client.get(f"{office.sending.get_absolute_url()}act/send").content.decode()
    assert "将发送 4 条短信，2 人没有号码或号码不对" in asked
    assert "林一您好" in asked
    assert office.press(client, office.sending).status_code == 303
    assert office.press(client, office.sending).status_code == 409
    assert Job.objects.count() == 1
    gateway.answers = [200, 500]
    run()
    run()
    school = office.tree.school.name
    assert [(one["to"], one["text"]) for one in gateway.taken] == [
        ("13800000001", f"林一您好，请{school}于周五前上报。"),
        ("13800000004", "王四您好，请于周五前上报。"),
        ("13800000002", "何二您好，请于周五前上报。"),
    ]
    rows = Text.objects.unscoped().order_by("pk").values_list("name", "phone", "state", "error")
    assert list(rows) == [
        ("林一", "13800000001", "sent", ""),
        ("何二", "13800000002", "failed", "对方返回 500"),
        ("周三", "", "failed", "没有手机号"),
        ("王四", "13800000004", "sent", ""),
        ("赵五", "12345", "failed", "手机号是 11 位数字，以 13 至 19 开头"),
        ("何二", "13800000002", "sent", ""),
    ]
    logged = AuditEntry.objects.filter(model="texting.text", action="send")
    assert logged.count() == Text.unguarded.count() == 6
    assert logged.filter(user=office.clerk).count() == 6


def test_what_failed_is_sent_again_to_the_number_of_today(
    office: Office, gateway: Gateway, client: Client
) -> None:
    office.press(sign_in(client, office.clerk), office.sending)
    gateway.answers = [500, 500]
    run()
    missing = office.people[2]
    change(SYSTEM, missing, {"phone": "13800000003"})
    page = client.get(office.sending.get_absolute_url()).content.decode()
    assert 'state=failed">4</a>' in page
    taken = len(gateway.taken)
    assert office.press(client, office.sending, "again").status_code == 303
    run()
    assert {one["to"] for one in gateway.taken[taken:]} == {"13800000001", "13800000002", "13800000003"}
    assert len({one["id"] for one in gateway.taken}) == len(gateway.taken) == 5
    [left] = Text.objects.unscoped().filter(state="failed")
    assert left.name == "赵五"
    assert client.post(f"{left.get_absolute_url()}act/again").status_code == 409


def test_a_worker_that_died_repeats_under_the_same_id(
    office: Office, gateway: Gateway, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.press(sign_in(client, office.clerk), office.sending)
    first = Text.objects.unscoped().filter(state="queued").first()
    Text.unguarded.filter(pk=first.pk).update(state="sending")
    run()
    assert [one["id"] for one in gateway.taken].count(f"anlan-text-{first.pk}") == 1
    assert not Text.unguarded.filter(state__in=("queued", "sending")).exists()


@pytest.mark.requirement("ARCH.16")
def test_who_may_not_send_is_forbidden_and_other_units_see_nothing(office: Office, client: Client) -> None:
    school = sign_in(Client(), a_user("school_safety", office.tree.school))
    assert office.press(school, office.sending).status_code == 404
    viewer = sign_in(Client(), a_user("bureau_viewer", office.tree.county))
    for url in ("/texting/sendings/", "/texting/texts/", "/texting/patterns/"):
        assert viewer.get(url).status_code == 403
    assert office.press(viewer, office.sending).status_code == 403
    assert not Text.unguarded.exists()
    assert not Job.objects.exists()


def test_a_text_without_words_or_with_unknown_fields_is_refused_at_the_field(
    office: Office, client: Client
) -> None:
    sign_in(client, office.clerk)
    said = {"org": office.tree.county.pk, "title": "甲", "body": "", "others": "王四 13800000004"}
    for body, words in (("", "请填写内容，或选择模板"), ("【工资】到账", "没有【工资】")):
        answer = client.post("/texting/sendings/new", said | {"body": body})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    empty = create(SYSTEM, Sending(org=office.tree.county, title="无人", body="您好"))
    answer = office.press(client, empty)
    assert "请先选择收信人" in answer.content.decode()
    assert not Text.unguarded.exists()


def test_typed_lines_take_what_people_type() -> None:
    typed = "王四 138 0000 0004\n王四\t13800000004\n王四，13800000004\n\n王四\n138-0000-0004"
    assert typed_lines(typed)[1:] == [
        ("王四", "13800000004"), ("王四", "13800000004"), ("王四", ""), ("", "138-0000-0004"),
    ]  # fmt: skip
