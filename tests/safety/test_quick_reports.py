"""Quick reports: sent once, to the right person, turned once, with the name hidden everywhere."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.base.outlets import Handed, Outlet, outlets
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.quick import QuickHandler, QuickKind, QuickReport, QuickSetting
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, create
from anlan.engines.files.api import attachments_of
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks.api import todos_for, watch_deadlines
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.loops import Loop, listed, photo, signed_in

pytestmark = pytest.mark.django_db
URL, OUTBOX = "/safety/quick/new", "/safety/field/outbox"


class Reports:
    """A school with two kinds of report, its people, and ways to send."""

    def __init__(self, county: County) -> None:
        self.county, self.loop = county, Loop(county)
        self.teacher = county.person("jiao", "staff", "school", "陈老师")
        self.keeper = county.person("wei", "staff", "school", "韦处理")
        self.manager = self.loop.school.user
        self.kind = self.a_kind("设施设备")
        self.secret = self.a_kind("欺凌苗头", confidential=True)

    def a_kind(self, title: str, **more: Any) -> QuickKind:
        said = {"org": self.county.units["county"], "title": title, "category": self.county.category}
        return create(SYSTEM, QuickKind(**said | more))

    def handler(self, kind: QuickKind, user: Any) -> None:
        create(SYSTEM, QuickHandler(org=self.county.units["school"], kind=kind, user=user))

    def said(self, **more: Any) -> dict[str, Any]:
        defaults = {"kind": self.kind.pk, "place": "教学楼二层", "urgency": "normal", "uid": str(uuid4())}
        return defaults | more

    def send(self, user: Any = None, **more: Any) -> QuickReport:
        said = self.said(**{"text": "扶手松动", **more})
        answer = signed_in(user or self.teacher).post(URL, said)
        assert answer.status_code == 303, answer.context["form"].errors
        return QuickReport.objects.unscoped().get(uid=said["uid"])


@pytest.fixture
def reports(county: County) -> Reports:
    return Reports(county)


def names_of(user: Any) -> list[str]:
    return [message.title for message in messages_for(user).order_by("pk")]


@pytest.mark.requirement("S02.1")
def test_a_report_from_the_phone(reports: Reports) -> None:
    phone = signed_in(reports.teacher)
    page = phone.get(URL).content.decode()
    assert 'capture="environment"' in page
    assert "设施设备" in page
    sent = reports.said(photo=photo())
    assert phone.post(URL, sent).status_code == 303
    report = QuickReport.objects.unscoped().get()
    assert report.number.startswith("SSB")
    assert (report.place, report.created_by, len(attachments_of(report, "photo"))) == (
        "教学楼二层",
        reports.teacher,
        1,
    )
    assert report.number in phone.get(report.get_absolute_url()).content.decode()
    refused = phone.post(URL, reports.said())
    assert refused.status_code == 422
    assert "请拍一张照片，或写一句说明" in refused.content.decode()
    assert phone.post(URL, reports.said(text="没有地点", place="")).status_code == 422
    placed = phone.post(URL, reports.said(text="只有定位", place="", latitude="26.011", longitude="110.02"))
    assert placed.status_code == 303
    assert QuickReport.objects.unscoped().count() == 2
    clip = SimpleUploadedFile("clip.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 64)
    voiced = SimpleUploadedFile("said.m4a", b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom" + b"\0" * 64)
    assert phone.post(URL, reports.said(photo=clip, voice=voiced)).status_code == 303
    filmed = QuickReport.objects.unscoped().order_by("-pk")[0]
    assert {one.slot for one in attachments_of(filmed)} == {"photo", "voice"}


def kept(reports: Reports, *pictures: str, **more: Any) -> dict[str, Any]:
    """What the outbox of a phone sends: pictures went up before under their own uids."""
    values = reports.said(**more)
    return {"uid": values.pop("uid"), "kind": "quick", "values": values, "files": {"photo": list(pictures)}}


@pytest.mark.requirement("S02.1")
def test_the_same_offline_report_sent_twice_is_stored_once(reports: Reports) -> None:
    phone, picture = signed_in(reports.teacher), str(uuid4())
    phone.post("/files/uploads/", {"file": photo(), "uid": picture})
    said = kept(reports, picture, taken_at=clock.now().isoformat())
    first, again = (phone.post(OUTBOX, json.dumps(said), "application/json") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    report = QuickReport.objects.unscoped().get()
    assert first.json() == {"url": report.get_absolute_url()}
    assert str(report.uid) == said["uid"]
    assert len(attachments_of(report, "photo")) == 1
    assert len(todos_for(reports.manager)) == 1
    empty = phone.post(OUTBOX, json.dumps(kept(reports)), "application/json")
    assert empty.status_code == 422
    assert "text" in empty.json()["fields"]


@pytest.mark.requirement("S02.1")
@pytest.mark.parametrize(("role", "switch"), [("pupil", "pupils_may"), ("outsider", "outsiders_may")])
def test_pupils_and_outsiders_report_only_where_the_school_opened_it(
    reports: Reports, role: str, switch: str
) -> None:
    user = reports.county.person("p1", role, "school")
    client, said = signed_in(user), reports.said(text="水龙头漏水")
    for answer in (
        client.get(URL),
        client.post(URL, said),
        client.post(OUTBOX, json.dumps(kept(reports, text="水龙头漏水")), "application/json"),
        client.post("/api/safety/quick/", json.dumps(said), "application/json"),
    ):
        assert answer.status_code == 403
    setting = create(SYSTEM, QuickSetting(org=reports.county.units["school"]))
    assert client.get(URL).status_code == 403
    QuickSetting.unguarded.filter(pk=setting.pk).update(**{switch: True})
    assert client.post(URL, said).status_code == 303
    report = QuickReport.objects.unscoped().get()
    assert client.get(report.get_absolute_url()).status_code == 200
    elsewhere = reports.county.person("p2", role, "second")
    assert signed_in(elsewhere).post(URL, said | {"uid": str(uuid4())}).status_code == 403


@pytest.mark.requirement("S02.2")
def test_each_kind_reaches_its_handler_and_confidential_ones_nobody_else(reports: Reports) -> None:
    unhandled = reports.a_kind("其他")
    reports.handler(reports.kind, reports.keeper)
    first = reports.send()
    assert [todo.title for todo in todos_for(reports.keeper)] == ["扶手松动"]
    assert not todos_for(reports.manager).exists()
    assert "随手报：扶手松动" in names_of(reports.keeper)
    reports.send(kind=unhandled.pk, text="别的事")
    assert [todo.title for todo in todos_for(reports.manager)] == ["别的事"]
    secret = reports.send(kind=reports.secret.pk, text="有人欺负小同学")
    desk = todos_for(reports.manager).order_by("-pk")[0]
    assert (desk.title, desk.url) == ("有一条欺凌苗头上报，请指定处理人", "/safety/quick-handlers/new")
    reports.handler(reports.secret, reports.keeper)
    assert not todos_for(reports.manager).filter(object_id=secret.pk, model="safety.quickreport").exists()
    assert todos_for(reports.keeper).filter(title=f"保密上报 {secret.number}").exists()
    head = reports.county.person("gao", "school_head", "school")
    with clock.moved(clock.now() + timedelta(days=30)):
        watch_deadlines()
    for user in (reports.manager, head, reports.loop.bureau.user):
        client = signed_in(user)
        assert client.get(secret.get_absolute_url()).status_code == 404
        assert client.get(f"{secret.get_absolute_url()}print").status_code == 404
        assert client.get(f"/api/safety/quick/{secret.pk}").status_code == 404
        assert secret.number not in listed(user, "/safety/quick/")
        for path in ("/safety/quick/?q=小同学", "/todos/", "/messages/"):
            page = client.get(path).content.decode()
            assert "有人欺负小同学" not in page, path
    for user in (reports.keeper, reports.teacher):
        assert signed_in(user).get(secret.get_absolute_url()).status_code == 200
    assert first.number in listed(reports.manager, "/safety/quick/")


@pytest.mark.requirement("S02.3")
def test_a_report_becomes_a_hazard_once_with_everything_it_carries(reports: Reports) -> None:
    reports.handler(reports.kind, reports.keeper)
    report = reports.send(photo=photo())
    url, keeper = report.get_absolute_url(), signed_in(reports.keeper)
    assert keeper.post(f"{url}move/to_hazard").status_code == 409
    assert signed_in(reports.teacher).post(f"{url}act/turn", {"reported_up": "on"}).status_code == 409
    assert keeper.post(f"{url}act/turn", {"reported_up": "on"}).status_code == 303
    assert keeper.post(f"{url}act/turn", {"reported_up": "on"}).status_code == 409
    hazard = Hazard.objects.unscoped().get()
    assert (hazard.place, hazard.reporter, hazard.source) == ("教学楼二层", "陈老师", "quick")
    assert len(attachments_of(hazard, "before")) == 1
    manager = signed_in(reports.manager)
    assert f'href="{url}"' in manager.get(hazard.get_absolute_url()).content.decode()
    assert hazard.title in manager.get(url).content.decode()
    report.refresh_from_db()
    assert (report.state, report.hazard_id) == ("hazard", hazard.pk)
    bad = reports.send(text="没有的事")
    client = signed_in(reports.keeper)
    assert client.post(f"{bad.get_absolute_url()}move/invalidate", {}).status_code == 422
    assert client.post(f"{bad.get_absolute_url()}move/invalidate", {"opinion": "现场没有"}).status_code == 303
    again = reports.send(text="扶手还是松的")
    client.post(f"{again.get_absolute_url()}move/join", {"joined": report.pk})
    again.refresh_from_db()
    assert (again.state, again.joined_id) == ("joined", report.pk)
    done = reports.send(text="灯不亮")
    client.post(f"{done.get_absolute_url()}move/solve", {"result": "已换灯管"})
    done.refresh_from_db()
    assert done.state == "solved"
    late = reports.send(text="没人理")
    head = reports.county.person("gao", "school_head", "school")
    with clock.moved(clock.now() + timedelta(days=9)):
        watch_deadlines()
    assert messages_for(head).filter(event="tasks.escalate", title__contains="没人理").count() == 1
    assert late.state == "received"


def test_a_module_that_takes_reports_is_offered_and_linked(reports: Reports, monkeypatch: Any) -> None:
    def take(actor: Actor, handed: Handed) -> Hazard:
        made = Hazard(org=handed.org, title=f"维修：{handed.title}", category=reports.county.category)
        return create(actor, made)

    report = reports.send()
    manager, url = signed_in(reports.manager), report.get_absolute_url()
    assert manager.get(f"{url}act/hand_on").status_code == 409
    monkeypatch.setattr(outlets, "_items", {"repair": Outlet("repair", "维修工单", take)})
    assert "转办" in manager.get(url).content.decode()
    assert manager.post(f"{url}act/hand_on", {"outlet": "repair"}).status_code == 303
    report.refresh_from_db()
    made = Hazard.objects.unscoped().get()
    assert (report.state, report.handed_to, report.handed_url) == (
        "handed",
        "维修工单",
        made.get_absolute_url(),
    )
    assert f'href="{made.get_absolute_url()}"' in manager.get(url).content.decode()


@pytest.mark.requirement("S02.4")
def test_the_reporter_follows_and_a_hidden_name_shows_nowhere(reports: Reports) -> None:
    report = reports.send(text="食堂后门没锁", hidden="on", photo=photo())
    url, head = report.get_absolute_url(), reports.county.person("gao", "school_head", "school")
    teacher = signed_in(reports.teacher)
    edited = teacher.post(f"{url}edit", {"kind": reports.kind.pk, "text": "食堂后门没锁好", "place": "食堂",
                                         "urgency": "normal", "org": report.org_id, "hidden": "on"})  # fmt: skip
    assert edited.status_code == 303
    manager = reports.loop.school
    report.refresh_from_db()
    perform(manager, report, "accept")
    body = {
        "kind": reports.kind.pk,
        "text": "改写",
        "place": "食堂",
        "urgency": "normal",
        "org": report.org_id,
    }
    assert teacher.post(f"{url}edit", body).status_code == 409
    patch = {"version": report.version, "values": {"text": "改写"}}
    assert (
        teacher.patch(f"/api/safety/quick/{report.pk}", json.dumps(patch), "application/json").status_code
        == 409
    )
    assert teacher.post(f"{url}act/add_words", {"text": "今天又没锁"}).status_code == 303
    assert signed_in(reports.manager).post(f"{url}act/add_words", {"text": "替他补充"}).status_code in (
        403,
        409,
    )
    turned = signed_in(reports.manager).post(f"{url}act/turn", {"reported_up": "on"})
    hazard = Hazard.objects.unscoped().get()
    assert turned.status_code == 303
    told = [name for name in names_of(reports.teacher) if "食堂后门" in name]
    assert [name.partition("：")[0] for name in told] == ["受理", "转为隐患"]
    page = teacher.get(url).content.decode()
    assert "今天又没锁" in page
    assert "已转隐患" in page
    client = signed_in(reports.manager)
    texts = {path: client.get(path) for path in (
        url, f"{url}print", "/safety/quick/", "/safety/quick/export?format=csv", f"/api/safety/quick/{report.pk}",
        "/api/safety/quick/", hazard.get_absolute_url(), f"{hazard.get_absolute_url()}print", "/safety/hazards/",
        f"/api/safety/hazards/{hazard.pk}", "/todos/", "/messages/",
    )}  # fmt: skip
    for path, answer in texts.items():
        assert answer.status_code == 200, path
        content = b"".join(answer) if answer.streaming else answer.content
        for name in ("陈老师", "jiao"):
            assert name not in content.decode(), path
    assert "匿名" in client.get(url).content.decode()
    assert client.get(f"{url}pdf").status_code == 200
    shot = attachments_of(report, "photo")[0]
    assert (shot.created_by, "陈老师" in shot.mark()) == (None, False)
    about = AuditEntry.objects.filter(model="safety.quickreport", object_id=str(report.pk))
    assert not about.filter(user=reports.teacher).exists()
    assert all("created_by" not in entry.after for entry in about.filter(action="create"))
    assert "陈老师" in signed_in(head).get(url).content.decode()
    open_one = reports.send(text="谁都能看到名字")
    assert "陈老师" in client.get(open_one.get_absolute_url()).content.decode()


def test_a_hidden_reporter_who_withdraws_stays_hidden(reports: Reports) -> None:
    report = reports.send(hidden="on")
    assert signed_in(reports.teacher).post(f"{report.get_absolute_url()}move/withdraw").status_code == 303
    assert "陈老师" not in signed_in(reports.manager).get(report.get_absolute_url()).content.decode()
    entries = AuditEntry.objects.filter(model="safety.quickreport", object_id=str(report.pk))
    assert {entry.actor for entry in entries} == {"匿名"}
