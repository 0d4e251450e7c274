"""Notices from draft to answer: who gets them, who read them, what comes back (D06, SAF.03, SAF.04, D11.5)."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from anlan.base.schools import School
from anlan.domains.safety.audiences import address
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.sending import publish, publish_due, recall, urge_unread
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.forms.api import add_form, save_content
from anlan.engines.forms.api import publish as put_in_use
from anlan.engines.messaging.api import messages_for, urges_of
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import sign_in
from tests.telling.conftest import opened, paper, read_list, web

pytestmark = pytest.mark.django_db
RECEIVED, SENT, COPIES = "/safety/received-notices/", "/safety/notices/", "/safety/notice-copies/"


@pytest.mark.requirement("D06.1")
def test_a_draft_is_invisible_and_a_published_notice_reaches_each_addressee_once(town, client):
    clerk, head = sign_in(client, town.clerk), town.heads["S1"]
    said = {
        "org": town.county.pk,
        "kind": "notice",
        "title": "冬季防火",
        "body": "请排查",
        "late_allowed": "on",
    }
    assert clerk.post(f"{SENT}new", said | {"title": ""}).status_code == 422
    refused = clerk.post(f"{SENT}new", said | {"annex": paper("坏.exe")})
    assert refused.status_code == 422
    assert not Notice.unguarded.exists()
    assert clerk.post(f"{SENT}new", said | {"annex": paper()}).status_code == 303
    notice = Notice.unguarded.get()
    assert clerk.post(f"{SENT}{notice.pk}/act/publish").status_code == 422
    assert clerk.post(f"{SENT}{notice.pk}/edit", said | {"title": "春季防火"}).status_code == 303
    notice.refresh_from_db()
    address(web(town.clerk), notice, {"named": [town["S1"], town["S2"]]})
    sign_in(client, head)
    assert "春季防火" not in opened(client, RECEIVED) + opened(client, "/")
    assert client.get(f"{RECEIVED}of/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    publish(web(town.clerk), notice)
    with pytest.raises(Conflict):
        publish(web(town.clerk), Notice.unguarded.get())
    assert NoticeCopy.unguarded.count() == 2
    assert messages_for(head).count() == messages_for(town.contact).count() == 1
    page = opened(client, f"{RECEIVED}of/{notice.pk}/")
    assert "请排查" in page
    annex = re.search(r'href="(/files/[^"]+)"', page)
    assert client.get(annex[1]).status_code == 200
    assert sign_in(client, town.heads["S3"]).get(annex[1]).status_code == 404

    sign_in(client, town.clerk)
    assert client.post(f"{SENT}{notice.pk}/edit", said).status_code == 409
    assert town.copy(notice).seen
    assert (
        client.post(f"{SENT}{notice.pk}/act/revise", {"title": "冬春防火", "body": "改过了"}).status_code
        == 303
    )
    assert not NoticeCopy.unguarded.filter(seen=True).exists()
    history = opened(client, notice.get_absolute_url()).split("办理记录")[1]
    for words in ("登记", "选择发布对象", "发布", "修订"):
        assert f"<b>{words}</b>" in history
    sign_in(client, head)
    page = opened(client, RECEIVED)
    assert "冬春防火" in page
    assert "未读" in page
    page = opened(client, town.copy(notice).get_absolute_url())
    for words in ("改过了", "第 1 次修订", "初稿：春季防火", "请排查"):
        assert words in page


def test_a_notice_goes_out_at_its_set_time_and_once(town):
    notice = town.draft(publish_at=clock.now() + timedelta(hours=2))
    address(web(town.clerk), notice, {"named": [town["S1"]]})
    publish(web(town.clerk), notice)
    assert publish_due() == 0
    assert not messages_for(town.heads["S1"]).exists()
    with clock.moved(clock.now() + timedelta(hours=3)):
        assert publish_due() == 1
        assert publish_due() == 0
    assert messages_for(town.heads["S1"]).count() == 1
    assert Notice.unguarded.get().state == "published"


@pytest.mark.requirement("D06.2")
def test_addressees_are_chosen_by_type_by_name_or_both_within_the_scope(town, client):
    sign_in(client, town.clerk)
    notice = town.draft()
    url = f"{SENT}{notice.pk}/act/address"
    assert client.get(url).status_code == 200
    found = client.get(f"{url}/choose/named", {"q": "一小"}).json()["rows"]
    assert [row["value"] for row in found] == [town["S1"].pk]
    assert client.post(url, {"kinds": ["kindergarten"]}).status_code == 303
    page = opened(client, f"{SENT}{notice.pk}/")
    assert "幼儿园，共 <b" in page
    assert "池店二小、陈埭中学" in page
    assert (
        client.post(url, {"kinds": ["kindergarten"], "named": [town["S1"].pk, town["S2"].pk]}).status_code
        == 303
    )
    notice.refresh_from_db()
    assert [unit.code for unit in notice.addressees.order_by("code")] == ["S1", "S2", "S3"]
    publish(web(town.clerk), notice)
    late = OrgUnit.objects.create(code="S9", name="新幼儿园", kind="school", parent=town["3505821"])
    create(SYSTEM, School(org=late, name="新幼儿园", kind="kindergarten", nature_id="school_nature.public"))
    assert NoticeCopy.unguarded.filter(notice=notice).count() == 3
    for code in ("S1", "S2", "S3"):
        assert NoticeCopy.unguarded.filter(notice=notice, org=town[code]).count() == 1

    other = town.draft(title="越界")
    refused = client.post(f"{SENT}{other.pk}/act/address", {"named": [town["S4"].pk]})
    assert refused.status_code == 422
    assert "不在您管理范围内" in refused.content.decode()
    assert client.post(f"{SENT}{other.pk}/act/address", {"kinds": ["senior"]}).status_code == 422
    assert not other.addressees.exists()
    other.addressees.set([town["S4"]])
    with pytest.raises(Rejected):
        publish(web(town.clerk), other)


@pytest.mark.requirement("D06.3")
def test_answers_with_files_are_counted_listed_and_exported(town, client):
    due = clock.now() + timedelta(minutes=5)
    notice = town.sent("S1", "S2", "S3", reply_wanted=True, reply_by=due)
    first, third = town.copy(notice), town.copy(notice, "S3")
    sign_in(client, town.heads["S1"])
    url = f"{first.get_absolute_url()}act/answer"
    assert client.post(url, {"reply": ""}).status_code == 422
    assert client.post(url, {"reply": "已排查", "papers": paper("排查表.txt", "三处隐患")}).status_code == 303
    assert "已排查" in opened(client, first.get_absolute_url())
    sign_in(client, town.heads["S3"])
    assert client.get(first.get_absolute_url()).status_code == 404
    assert client.post(url, {"reply": "冒名"}).status_code == 404
    with clock.moved(due + timedelta(minutes=1)):
        assert client.post(f"{third.get_absolute_url()}act/answer", {"reply": "晚了"}).status_code == 303
    sign_in(client, town.clerk)
    page = opened(client, notice.get_absolute_url())
    for query, words, names in (
        ("answered=1", "已反馈", ["池店一小", "陈埭中学"]),
        ("answered=0", "未反馈", ["池店二小"]),
        ("late=1", "逾期反馈", ["陈埭中学"]),
    ):
        assert sorted(read_list(client, notice, query)) == sorted(names)
        number = re.search(rf'<dt>{words}</dt><dd><a[^>]+{query}">(\d+)<', page)
        assert int(number[1]) == len(names)
    answer = client.get(f"{SENT}{notice.pk}/replies.zip")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert sorted(packed.namelist()) == ["反馈汇总.xlsx", "池店一小-S1/1-排查表.txt"]
    assert packed.read("池店一小-S1/1-排查表.txt").decode() == "三处隐患"
    assert sign_in(client, town.heads["S1"]).get(f"{SENT}{notice.pk}/replies.zip").status_code == 403

    closed = town.sent("S1", title="截止就不收", reply_wanted=True, reply_by=due, late_allowed=False)
    with clock.moved(due + timedelta(minutes=1)):
        copy = town.copy(closed)
        assert client.post(f"{copy.get_absolute_url()}act/answer", {"reply": "晚了"}).status_code == 409
    assert not NoticeCopy.unguarded.get(pk=copy.pk).answered

    form = add_form(web(town.clerk), town.county, title="防火自查表", subject="消防")
    asked = [{"uid": "q1", "type": "text", "text": "灭火器数量", "required": True}]
    save_content(web(town.clerk), form, {"sections": [{"title": "消防", "questions": asked}]})
    put_in_use(web(town.clerk), form)
    form.refresh_from_db()
    copy = town.copy(town.sent("S1", title="按表填报", reply_wanted=True, form=form))
    page = client.post(f"{copy.get_absolute_url()}act/fill")["Location"]
    assert client.post(f"{copy.get_absolute_url()}act/fill")["Location"] == page
    assert client.post(page, {"q": "q1", "q.q1": "", "act": "submit"}).status_code == 422
    assert client.post(page, {"q": "q1", "q.q1": "二十具", "act": "submit"}).status_code in (200, 303)
    copy.refresh_from_db()
    assert copy.answered
    assert not todos_for(town.heads["S1"]).filter(object_id=copy.pk).exists()
    sign_in(client, town.clerk)
    assert "二十具" in opened(client, page)
    assert sign_in(client, town.heads["S2"]).get(page).status_code == 404


@pytest.mark.requirement("D06.4")
def test_a_new_notice_is_marked_until_opened_and_history_is_found(town, client):
    with clock.moved(clock.now() - timedelta(days=800)):
        old = town.draft(title="前年的防汛通知", urgent=True)
    sign_in(client, town.clerk)
    facts = {
        "org": town.county.pk,
        "kind": "notice",
        "title": old.title,
        "body": "旧",
        "pictures": paper("x.txt"),
    }
    client.post(f"{SENT}{old.pk}/edit", facts | {"annex": paper("防汛方案.txt"), "urgent": "on"})
    old.refresh_from_db()
    with clock.moved(clock.now() - timedelta(days=799)):
        address(web(town.clerk), old, {"named": [town["S1"]]})
        publish(web(town.clerk), old)
    new = town.sent("S1", "S2")
    sign_in(client, town.heads["S1"])
    unread = f"{RECEIVED}?seen=0"
    assert opened(client, unread).count(">未读</span>") == 2
    home = opened(client, "/")
    assert re.search(r'href="/safety/received-notices/\?seen=0"[^>]*>\s*<[^>]*>2', home) or "未读通知" in home
    opened(client, f"{RECEIVED}of/{new.pk}/")
    assert opened(client, unread).count(">未读</span>") == 1
    assert not NoticeCopy.unguarded.get(notice=new, org=town["S2"]).seen
    year = clock.today().year - 2
    for query in ("q=防汛", f"notice__published_at_from={year - 1}-01-01&notice__published_at_to={year}-12-31",
                  f"notice__org={town.county.pk}&q=防汛", "notice__urgent=1"):  # fmt: skip
        page = opened(client, f"{RECEIVED}?{query}")
        assert "前年的防汛通知" in page
        assert "冬季防火" not in page
    assert "冬季防火" not in opened(client, f"{RECEIVED}?notice__org={town['350583'].pk}")
    page = opened(client, town.copy(old).get_absolute_url())
    assert "防汛方案.txt" in page
    recall(web(town.clerk), Notice.unguarded.get(pk=new.pk))
    assert "已撤回" in opened(client, RECEIVED)
    assert "已撤回" in opened(client, town.copy(new).get_absolute_url())
    sign_in(client, town.heads["S3"])
    assert "防火" not in opened(client, RECEIVED)


@pytest.mark.requirement("D06.5")
def test_two_lists_hold_every_school_once_and_the_unread_are_urged(town, client):
    notice = town.sent("S1", "S2", "S3")
    sign_in(client, town.heads["S1"])
    phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone) MicroMessenger"}
    client.get(f"{RECEIVED}of/{notice.pk}/", follow=True, **phone)
    sign_in(client, town.clerk)
    assert read_list(client, notice, "seen=1") == ["池店一小"]
    assert sorted(read_list(client, notice, "seen=0")) == ["池店二小", "陈埭中学"]
    page = opened(client, f"{COPIES}?notice={notice.pk}&seen=1")
    assert "池店一小校长" in page
    assert "今天" in page
    before = {code: messages_for(head).count() for code, head in town.heads.items()}
    url = f"{notice.get_absolute_url()}act/urge"
    assert client.post(url).status_code == 303
    after = {code: messages_for(head).count() - before[code] for code, head in town.heads.items()}
    assert after == {"S1": 0, "S2": 1, "S3": 1, "S4": 0}
    assert client.post(url).status_code == 409
    assert urges_of(notice).count() == 1
    assert "提醒 2 人" in opened(client, notice.get_absolute_url())
    with clock.moved(clock.now() + timedelta(minutes=31)):
        assert urge_unread(web(town.clerk), notice) == 2
