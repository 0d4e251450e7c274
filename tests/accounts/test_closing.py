"""A closed school year takes no change at any door, leaves as a package, and opens with consent (S06.6)."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.test import Client

from anlan.domains.accounts import packing
from anlan.domains.accounts.closings import Closing
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.issuing import issue
from anlan.domains.accounts.items import Item
from anlan.engines.archives.api import Holding
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, archive, change, create
from anlan.engines.files.api import attach, attachments_of, remove
from anlan.engines.tasks.api import Job, JobCancelled, enqueue
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.accounts.conftest import TODAY, Shelf
from tests.factories import sign_in
from tests.files.making import PDF, a_picture, an_xlsx, upload

JSON, YEAR = "application/json", "2026-2027"


LATER = timedelta(days=304)


class Closed(Shelf):
    """Two ledgers of a year that is over, closed by the school: a meeting by itself, three files by hand."""

    def __init__(self) -> None:
        super().__init__()
        directory = self.directory()
        self.duty = self.section(directory, "制度/台账", materials="值班制度")
        self.meet = self.section(
            directory, "会议台账", kind="meeting", source="organisation.meetings:held_at"
        )
        issue(Actor.person(self.bureau), directory)
        self.talk = self.meeting("消防专题会")
        self.paper = self.item(self.duty, title="值班制度: 修订", material="值班制度", note="夜间")
        self.request = self.exemption(self.meet, state="refused")
        for name, content in (("封面.pdf", PDF), ("照片.jpg", a_picture()), ("封面.pdf", PDF + b"\n%%EOF")):
            self.file = attach(Actor.person(self.keeper), self.paper, upload(name, content), "file")

    def close(self, school: Client) -> Closing:
        """By the form, as the school does."""
        answer = school.post("/accounts/closings/new", {"org": self.tree.school.pk, "year": YEAR})
        assert answer.status_code == 303, answer.content.decode()
        assert school.post(f"{answer['Location']}move/close", {"version": 1}).status_code == 303
        return Closing.objects.unscoped().get()


def recent(person: Any) -> Any:
    """The same person, whose password is not old."""
    type(person).objects.filter(pk=person.pk).update(password_changed_at=clock.now())
    return type(person).objects.get(pk=person.pk)


@pytest.fixture
def closed(db: None, settings: Any, tmp_path: Path) -> Iterator[Closed]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.moved(datetime.combine(TODAY, time(9), clock.zone())):
        made = Closed()
    with clock.moved(datetime.combine(TODAY + LATER, time(9), clock.zone())):
        made.bureau, made.keeper, made.sister = map(recent, (made.bureau, made.keeper, made.sister))
        yield made


def stored(shelf: Closed) -> list[Any]:
    """Everything of the closed year."""
    return [
        *Item.unguarded.order_by("pk").values(),
        *Exemption.unguarded.order_by("pk").values(),
        *((one.uid, one.archived_at) for one in attachments_of(shelf.paper, formers=True)),
    ]


def knock(shelf: Closed, school: Client, bureau: Client) -> dict[str, int]:
    """Every door to material of the year, and what each answered."""
    url, home = shelf.paper.get_absolute_url(), "/accounts/items/"
    version = Item.objects.unscoped().get(pk=shelf.paper.pk).version
    unit = shelf.tree.school
    typed = {
        "org": unit.pk,
        "section": shelf.duty.pk,
        "title": "补一件",
        "material": "值班制度",
        "day": TODAY,
    }
    sheet = an_xlsx(["单位", "台账", "材料名称", "日期"], [unit.name, "制度/台账", "导入的", f"{TODAY}"])
    imported = school.post(f"{home}import", {"file": upload("a.xlsx", sheet)})["Location"]
    body = {"version": version, "values": {"title": "接口改"}}
    return {
        "new": school.post(f"{home}new", typed).status_code,
        "edit": school.post(f"{url}edit", typed | {"version": version}).status_code,
        "archive": school.post(f"{url}archive", {"idempotency": "a"}).status_code,
        "withdraw": school.post(f"{url}move/withdraw", {"version": version}).status_code,
        "pass": bureau.post(f"{url}move/passing", {"version": version, "comment": ""}).status_code,
        "return": bureau.post(f"{url}move/hand_back", {"version": version, "comment": "补"}).status_code,
        "api": school.patch(f"/api{url}".rstrip("/"), json.dumps(body), JSON).status_code,
        "api new": refused_as_shut(school.post(f"/api{home}", json.dumps(typed | {"day": f"{TODAY}"}), JSON)),
        "import": school.post(f"{imported}confirm", {"mode": "all"}).status_code,
        "bulk": school.post(f"{home}bulk", {"verb": "withdraw", "chosen": shelf.paper.pk}).status_code,
        "request": school.post(
            "/accounts/exemptions/new",
            {"org": unit.pk, "section": shelf.meet.pk, "year": YEAR, "reason": "没有"},
        ).status_code,
    }


def refused_as_shut(answer: Any) -> int:
    """The interface says why in words."""
    assert "已经归档" in answer.json()["message"]
    return int(answer.status_code)


@pytest.mark.requirement("S06.6")
def test_a_closed_year_takes_no_change_and_opens_only_with_the_bureaus_consent(closed: Closed) -> None:
    school, bureau = sign_in(Client(), closed.keeper), sign_in(Client(), closed.bureau)
    early = school.post("/accounts/closings/new", {"org": closed.tree.school.pk, "year": "2027-2028"})
    assert early.status_code == 422, early.get("Location")
    closing = closed.close(school)
    assert (closing.percent, closing.rows) == (100, 2)
    before = stored(closed)
    said = knock(closed, school, bureau)
    assert {name: code for name, code in said.items() if code not in (409, 422)} == {"bulk": 200}, said
    for attempt in (
        lambda: change(SYSTEM, closed.paper, {"title": "系统改"}),
        lambda: attach(Actor.person(closed.keeper), closed.paper, upload("补.pdf", PDF), "file"),
        lambda: remove(Actor.person(closed.keeper), closed.file),
        lambda: create(SYSTEM, Item(org=closed.tree.school, section=closed.duty, title="补", day=TODAY)),
        lambda: change(SYSTEM, closed.request, {"reason": "改"}),
    ):
        with pytest.raises((Conflict, Rejected)):
            attempt()
    assert stored(closed) == before
    archive(SYSTEM, closed.talk)
    url = closing.get_absolute_url()
    assert "消防专题会" not in school.get(closed.url(closed.meet) + f"?year={YEAR}").content.decode()
    assert closed.duty.title in school.get(url).content.decode()
    assert Holding.objects.unscoped().filter(ledger="accounts.closings", year="2027-2028").exists()

    ask = {"version": closing.version, "reason": "漏传一份总结"}
    for tail in ("move/agree", "move/close"):
        assert school.post(url + tail, {"version": closing.version}).status_code in (403, 409)
    assert school.post(f"{url}move/ask", ask | {"reason": ""}).status_code == 422
    assert school.post(f"{url}move/ask", ask).status_code == 303
    assert knock(closed, school, bureau)["new"] == 409, "asked is not agreed"
    row = Closing.objects.unscoped().get()
    assert bureau.post(f"{url}move/refuse", {"version": row.version, "opinion": ""}).status_code == 422
    bureau.post(f"{url}move/refuse", {"version": row.version, "opinion": "不需要"})
    row.refresh_from_db()
    assert row.state == "closed"
    school.post(f"{url}move/ask", {"version": row.version, "reason": "漏传一份总结"})
    row.refresh_from_db()
    bureau.post(f"{url}move/agree", {"version": row.version, "opinion": "三日内补齐"})
    typed = {"org": closed.tree.school.pk, "section": closed.duty.pk, "day": TODAY, "title": "学年总结"}
    answer = school.post("/accounts/items/new", typed | {"material": "值班制度"})
    assert answer.status_code == 303, answer.content.decode()
    row.refresh_from_db()
    assert school.post(f"{url}move/close", {"version": row.version}).status_code == 303
    row.refresh_from_db()
    assert (row.state, "学年总结" in row.words) == ("closed", True)
    page = school.get(url).content.decode()
    for words in ("漏传一份总结", "不需要", "三日内补齐", "同意重新打开", closed.bureau.name):
        assert words in page, words
    trail = AuditEntry.objects.filter(model="accounts.closing", object_id=str(row.pk))
    assert [one.action for one in trail.order_by("pk") if one.action.startswith("move:")] == [
        f"move:{name}" for name in ("close", "ask", "refuse", "ask", "agree", "close")
    ]


class Links(HTMLParser):
    """The addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found += [unquote(value) for name, value in attrs if name == "href"]


@pytest.mark.requirement("S06.6")
def test_the_package_opens_with_a_contents_page_and_readable_names(closed: Closed) -> None:
    school = sign_in(Client(), closed.keeper)
    closing = closed.close(school)
    url = closing.get_absolute_url()
    listed = school.get("/accounts/closings/", {"q": "值班制度"}).content.decode()
    assert url in listed, "found across years"
    assert url not in school.get("/accounts/closings/", {"q": "没有这个"}).content.decode()
    assert school.get(f"{url}pdf").content.startswith(b"%PDF")
    assert school.post(f"{url}act/pack", {"kind": "zip"})["Location"] == "/jobs/"
    made = {kind: fetched(closed, school, kind) for kind in ("zip", "xlsx", "pdf")}
    assert made["pdf"].startswith(b"%PDF")
    assert made["xlsx"].startswith(b"PK")
    package = ZipFile(io.BytesIO(made["zip"]))
    names = package.namelist()
    assert package.testzip() is None
    assert all(info.flag_bits & 0x800 for info in package.infolist() if not info.filename.isascii())
    folder = "01 制度_台账"
    assert {name for name in names if name.startswith(folder)} == {
        f"{folder}/制度_台账.xlsx",
        f"{folder}/2026-10-20 值班制度_ 修订/封面.pdf",
        f"{folder}/2026-10-20 值班制度_ 修订/封面（2）.pdf",
        f"{folder}/2026-10-20 值班制度_ 修订/照片.jpg",
    }
    page = package.read("目录.html").decode()
    assert "消防专题会" in page
    assert set(Links(page).found) == set(names) - {"目录.html"} | {"样式.css"}
    assert package.read(f"{folder}/2026-10-20 值班制度_ 修订/封面（2）.pdf").endswith(b"%%EOF")
    stranger = sign_in(Client(), closed.sister)
    assert stranger.post(f"{url}act/pack", {"kind": "zip"}).status_code == 404


def fetched(closed: Closed, school: Client, kind: str) -> bytes:
    job = enqueue(
        Actor.person(closed.keeper), packing.pack_year, pk=Closing.objects.unscoped().get().pk, kind=kind
    )
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    content: bytes = school.get(packing.pack_year(job, **job.values)["url"]).content
    return content


def test_a_package_that_is_cancelled_leaves_nothing(closed: Closed, tmp_path: Path) -> None:
    closing = closed.close(sign_in(Client(), closed.keeper))
    job = enqueue(Actor.person(closed.keeper), packing.pack_year, pk=closing.pk, kind="zip")
    Job.objects.filter(pk=job.pk).update(state="running", cancel_asked=True)
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    with pytest.raises(JobCancelled):
        packing.pack_year(Job.objects.get(pk=job.pk), **job.values)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before


def test_returned_material_must_be_settled_before_the_year_is_closed(closed: Closed) -> None:
    perform(SYSTEM, closed.paper, "hand_back", {"comment": "补"})
    closing = create(SYSTEM, Closing(org=closed.tree.school, year=YEAR))
    with pytest.raises(Conflict, match="还有 1 件"):
        perform(Actor.person(closed.keeper), closing, "close")
