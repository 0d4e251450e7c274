"""What people are told: announcements on home pages, rich content, numbers of new notices (D06.6, SAF.03, SAF.04)."""

import re
from datetime import timedelta

import pytest

from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.sending import recall, revise
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import a_user, sign_in
from tests.telling.conftest import main_of, opened, paper, read_list, web

pytestmark = pytest.mark.django_db
RECEIVED, SENT, COPIES = "/safety/received-notices/", "/safety/notices/", "/safety/notice-copies/"


def titles(user) -> list[str]:
    return [todo.title for todo in todos_for(user)]


@pytest.mark.requirement("D06.6")
def test_an_announcement_shows_in_its_range_and_dates_and_stays_in_history(town, client):
    day = clock.today()
    said = {
        "org": town.county.pk,
        "kind": "announcement",
        "title": "宣传周",
        "body": "下周开始",
        "pinned": "on",
    }
    sign_in(client, town.clerk)
    reversed_dates = {"shown_from": str(day), "shown_until": str(day - timedelta(days=1))}
    refused = client.post(f"{SENT}new", said | reversed_dates)
    assert refused.status_code == 422
    assert "结束日期要晚于开始日期" in refused.content.decode()
    dates = {"shown_from": str(day + timedelta(days=1)), "shown_until": str(day + timedelta(days=5))}
    assert client.post(f"{SENT}new", said | dates).status_code == 303
    week = Notice.unguarded.get()
    client.post(f"{SENT}{week.pk}/act/address", {"named": [town["S1"].pk]})
    client.post(f"{SENT}{week.pk}/act/publish")
    other = town.sent("S1", kind="announcement", title="普通公告")
    staff = a_user("staff", town["S1"])

    def home(user, after: int = 0) -> str:
        with clock.moved(clock.now() + timedelta(days=after)):
            return opened(sign_in(client, user), "/")

    assert "宣传周" not in home(staff)
    shown = home(staff, 2)
    assert shown.index("宣传周") < shown.index("普通公告")
    assert "宣传周" not in home(town.heads["S2"], 2)
    assert "宣传周" not in home(staff, 6)
    assert not todos_for(town.heads["S1"]).exists()
    revise(web(town.clerk), Notice.unguarded.get(pk=week.pk), {"title": "宣传月", "body": "改为一个月"})
    assert "宣传月" in home(staff, 2)
    recall(web(town.clerk), Notice.unguarded.get(pk=week.pk))
    assert "宣传月" not in home(staff, 2)
    history = opened(client, "/safety/announcements/")
    assert "宣传月" in history
    assert "已撤回" in history
    page = opened(client, f"/safety/announcements/{week.pk}/")
    assert "初稿：宣传周" in page
    assert sign_in(client, town.heads["S2"]).get(f"/safety/announcements/{week.pk}/").status_code == 404
    assert other.state == "published"


@pytest.mark.requirement("SAF.03")
def test_rich_content_is_made_harmless_and_one_click_reaches_all_chosen_schools(town, client):
    sign_in(client, town.clerk)
    body = (
        '<h3>活动</h3><p onclick="x()">请<b>全员</b>参加</p><script>alert(1)</script>'
        '<a href="javascript:alert(1)">看</a><iframe src="//x"></iframe><img src=x onerror=alert(1)>'
    )
    said = {"org": town.county.pk, "kind": "notice", "title": "安全教育周", "body": body}
    assert (
        client.post(f"{SENT}new", said | {"annex": [paper("方案.txt"), paper("日程.txt")]}).status_code == 303
    )
    notice = Notice.unguarded.get()
    client.post(f"{SENT}{notice.pk}/act/address", {"whole": "on"})
    assert client.post(f"{SENT}{notice.pk}/act/publish").status_code == 303
    assert {copy.org.code for copy in NoticeCopy.unguarded.all()} == {"S1", "S2", "S3"}
    page = opened(sign_in(client, town.heads["S1"]), f"{RECEIVED}of/{notice.pk}/")
    text = page.split("al-prose")[1].split("</section>")[0]
    assert "<b>全员</b>" in text
    for bad in ("<script", "onclick", "onerror", "javascript:", "<iframe"):
        assert bad not in text
    assert "方案.txt" in page
    assert "日程.txt" in page
    sign_in(client, town.clerk)
    assert read_list(client, notice, "seen=1") == ["池店一小"]
    sign_in(client, town.heads["S1"])
    assert client.get(f"{SENT}new").status_code == 403
    assert client.post(f"{SENT}new", said).status_code == 403
    assert client.post(f"{SENT}{notice.pk}/act/recall").status_code in (403, 404)


@pytest.mark.requirement("SAF.04")
def test_the_contact_sees_notices_and_todos_at_once_and_no_others(town, client):
    mine, theirs = town.sent("S1"), town.sent("S2", title="别校的通知")
    sign_in(client, town.contact)
    page = opened(client, "/")
    assert "冬季防火" in page.split("收到的通知")[0]
    assert "冬季防火" in page.split("收到的通知")[1]
    assert "共 1 件待办" in page
    assert "别校" not in page
    assert client.get(town.copy(theirs, "S2").get_absolute_url()).status_code == 404
    opened(client, town.copy(mine).get_absolute_url())
    page = opened(client, "/")
    assert "没有待办" in page
    assert "未读</span>" not in page
    assert titles(town.contact) == []


@pytest.mark.requirement("D11.5")
def test_the_number_of_new_notices_falls_on_both_ends_and_receivers_see_no_lists(town, client):
    notice, _ = town.sent("S1", "S2"), town.sent("S1", title="第二份")
    head = sign_in(client, town.heads["S1"])

    def unread() -> str:
        band = opened(head, "/").split("未读通知")[1]
        return re.search(r"\d+", re.sub(r"<[^>]*>", " ", band))[0]

    assert unread() == "2"
    copy = town.copy(notice)
    page = opened(head, copy.get_absolute_url())
    assert "查阅情况" not in page
    assert "池店二小" not in page
    assert unread() == "1"
    assert head.get(f"{COPIES}?notice={notice.pk}").status_code == 403
    assert head.get(notice.get_absolute_url()).status_code == 403
    clerk = sign_in(client, town.clerk)
    assert read_list(clerk, notice, "seen=1") == ["池店一小"]
    assert read_list(clerk, notice, "seen=0") == ["池店二小"]
    receipts = main_of(clerk.get(notice.get_absolute_url())).split("查阅情况")[1]
    assert "池店二小" in receipts.split("最近查阅")[0]
    assert "池店一小" in receipts.split("最近查阅")[1]
