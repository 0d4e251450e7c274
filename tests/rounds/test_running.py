"""A round under way: taking part, judging, aggregating; and what is kept from whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from anlan.engines.files.api import attachments_of
from anlan.engines.rounds.api import Said, demand, save_item, save_score, submit_sheet, take_back
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing, Rejected
from tests.factories import a_user
from tests.rounds.hall import WORDS, Hall, actor, browser, run_job

pytestmark = pytest.mark.django_db


def paper(name: str, size: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, ("记录" * max(1, size // 6)).encode(), content_type="text/plain")


@pytest.mark.requirement("SAF.33", "MOR.04")
def test_an_own_score_below_the_standard_is_explained_and_files_are_limited(hall: Hall) -> None:
    entry = hall.entry(hall.published())
    client = browser(hall.heads[0].user)
    url = f"{entry.desk}?at=C1"
    if hall.process.explains_below:
        answer = client.post(url, {"score": "9", "text": "有制度"})
        assert answer.status_code == 422
        assert "要写扣分说明" in answer.content.decode()
    assert client.post(url, {"score": "-1"}).status_code == 422
    assert not hall.table("Item").unguarded.exists()
    assert client.post(url, {"score": "11"}).status_code == 422
    assert client.post(url, {"score": "10", "text": "有制度"}).status_code == 303
    with override_settings(FILES={"document_bytes": 2000}):
        files = [paper("制度.txt"), paper("太大.txt", 5000), paper("台账.txt")]
        item = hall.table("Item").unguarded.get()
        said = {"score": "9", "reason": "缺一次演练", "version": item.version, "papers": files}
        answer = client.post(url, said)
    assert answer.status_code == 422
    assert "太大.txt" in answer.content.decode()
    item.refresh_from_db()
    assert {one.name for one in attachments_of(item)} == {"制度.txt", "台账.txt"}
    assert (item.score, item.reason) == (9, "缺一次演练")


@pytest.mark.requirement("SAF.34")
def test_the_self_evaluation_stays_open_until_it_is_complete_or_demanded(db: None) -> None:
    hall = Hall()
    round_ = hall.published()
    entry, head = hall.entry(round_), hall.heads[0]
    colleague = actor(a_user(hall.process.takes_part.split()[1], hall.tree.school))
    save_item(head, entry, "C1", Said(Decimal(10)))
    with clock.moved(clock.now() + timedelta(days=60)):
        save_item(colleague, entry, "A2", Said(Decimal(15), reason="设备老旧"))
        page = browser(head.user).get(f"{hall.stem}/entries/{entry.pk}/").content.decode()
        assert "已填 2 / 3 项" in page
        assert not todos_for(head.user).get().overdue
        assert not hall.table("Entry").unguarded.get(pk=entry.pk).overdue
    assert {one.created_by for one in hall.table("Item").unguarded.all()} == {head.user, colleague.user}
    with pytest.raises(Rejected, match="C2"):
        hall.move(entry, "submit", head)
    demand(hall.office, round_, clock.today() + timedelta(days=3))
    assert todos_for(head.user).get().due_at is not None
    handed = hall.move(entry, "submit", head)
    assert handed.left_open == "C2"
    assert (
        "提交时没有填写" in browser(hall.office.user).get(f"{hall.stem}/entries/{entry.pk}/").content.decode()
    )
    with pytest.raises(Conflict):
        save_item(head, entry, "C2", Said(Decimal(5)))


@pytest.mark.requirement("MOR.04", "KG.26")
def test_an_entry_is_handed_in_whole_and_then_locked(hall: Hall) -> None:
    entry, head = hall.entry(hall.published()), hall.heads[0]
    client, url = (
        browser(head.user),
        f"{hall.stem}/entries/{hall.entry(hall.table('Round').unguarded.get()).pk}/",
    )
    save_item(head, entry, "C1", Said(Decimal(10)))
    assert client.post(f"{url}move/submit").status_code == 422
    for leaf, score in (("C2", 5), ("A2", 20)):
        save_item(head, entry, leaf, Said(Decimal(score)))
    form = SimpleUploadedFile("自评表（盖章）.txt", "盖章".encode(), content_type="text/plain")
    assert client.post(f"{url}move/submit", {"form": form}).status_code == 303
    assert client.post(f"{entry.desk}?at=C1", {"score": "9", "reason": "改", "version": 1}).status_code == 409
    other = browser(hall.heads[1].user)
    assert other.get(url).status_code == 404
    assert other.get(f"{entry.desk}?at=C1").status_code == 404
    [official] = attachments_of(hall.entry(entry.round), "form")
    assert not attachments_of(entry.items.get(leaf="C1"))
    hall.move(entry, "accept")
    hall.panels(entry.round)
    hall.move(entry.round, "begin_scoring")
    judge = browser(hall.judges[0])
    assert official.name in judge.get(hall.sheet(entry.round, 0).desk).content.decode()
    assert judge.get(official.address()).status_code == 200
    assert other.get(official.address()).status_code == 404


@pytest.mark.requirement("SAF.35", "MOR.05", "KG.13")
def test_only_what_the_department_passed_reaches_the_judges(hall: Hall) -> None:
    round_ = hall.published()
    hall.fill(round_, 1)
    entry, head = hall.entry(round_), hall.heads[0]
    for leaf in round_.indicators.leaves:
        save_item(head, entry, leaf.code, Said(leaf.scale.most))
    hall.move(entry, "submit", head)
    url = f"{hall.stem}/entries/{entry.pk}/move/"
    assert browser(head.user).post(f"{url}accept").status_code == 403
    assert browser(hall.judges[0]).post(f"{url}accept").status_code in {403, 404}
    office = browser(hall.office.user)
    assert office.post(f"{url}send_back", {"opinion": ""}).status_code == 422
    hall.move(entry, "send_back", opinion="缺少演练照片")
    assert "缺少演练照片" in browser(head.user).get(f"{entry.desk}?at=C1").content.decode()
    save_item(head, entry, "C2", Said(Decimal(4), reason="补一次"), version=1)
    hall.panels(round_)
    hall.move(round_, "begin_scoring")
    desk = browser(hall.judges[0]).get(f"{hall.pages}/desk/").content.decode()
    assert hall.schools[1].name in desk
    assert hall.schools[0].name not in desk
    hall.move(entry, "submit", head)
    hall.move(entry, "accept")
    assert hall.schools[0].name in browser(hall.judges[0]).get(f"{hall.pages}/desk/").content.decode()


@pytest.mark.requirement("SAF.37", "MOR.07", "KG.24")
def test_judges_score_their_own_part_and_see_nothing_of_each_other(hall: Hall) -> None:
    round_ = hall.scoring()
    one, two, third = (browser(judge) for judge in hall.judges)
    sheet = hall.sheet(round_, 0)
    assert todos_for(hall.judges[0]).get().verb == "评分"
    url = f"{sheet.desk}?at=C1"
    said = {"score": "7.5", "version": sheet.version, **WORDS, "opinion": "保密意见"}
    for text in hall.process.texts:
        assert one.post(url, said | {text.code: ""}).status_code == 422, text.title
    assert one.post(url, said | {"score": "10.5"}).status_code == 422
    assert one.post(f"{sheet.desk}?at=A2", said).status_code == 404
    with pytest.raises(Missing):
        save_score(actor(hall.judges[0]), sheet, "A2", Decimal(1), WORDS)
    assert not hall.sheet(round_, 0).scores
    assert one.post(url, said).status_code == 303
    assert two.post(hall.sheet(round_, 1).desk + "?at=C1", said | {"version": 1}).status_code == 303
    hall.score(sheet, C2="5")
    assert two.get(sheet.desk).status_code == 404
    assert third.get(sheet.desk).status_code == 404
    for client in (two, browser(hall.heads[0].user)):
        said_of_all = client.get(f"{hall.pages}/rounds/{round_.pk}/scores?at=C1")
        assert said_of_all.status_code in {403, 404} or "7.5" not in said_of_all.content.decode()
    for client in (two, third):
        pages = [f"{hall.pages}/desk/", hall.sheet(round_, 1 if client is two else 2).desk]
        assert "甲" not in "".join(client.get(page).content.decode().split("<main", 1)[1] for page in pages)
    assert one.post(f"{sheet.desk}submit").status_code == 303
    assert one.post(url, said).status_code == 409
    assert one.post(f"{sheet.desk}take-back").status_code == 303
    assert hall.sheet(round_, 0).state == "draft"


@pytest.mark.requirement("SAF.38", "MOR.08", "KG.24")
def test_aggregation_waits_for_every_judge_and_names_who_is_missing(hall: Hall) -> None:
    round_ = hall.judged()
    late = take_back(actor(hall.judges[2]), hall.sheet(round_, 2, 1))
    office = browser(hall.lead.user)
    answer = office.post(f"{hall.stem}/rounds/{round_.pk}/move/aggregate")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "评委丙" in words
    assert hall.schools[1].name in words
    assert "评委甲" not in words.split("<main", 1)[1]
    assert hall.table("Round").unguarded.get(pk=round_.pk).state == "scoring"
    assert not hall.table("Verdict").unguarded.exists()
    assert "评委丙" in office.get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    submit_sheet(actor(hall.judges[2]), late)
    hall.move(round_, "aggregate", hall.lead)
    with pytest.raises(Conflict):
        take_back(actor(hall.judges[2]), hall.sheet(round_, 2, 1))
    run_job(round_)
    run_job(round_)
    with pytest.raises(Conflict):
        save_score(actor(hall.judges[0]), hall.sheet(round_, 0), "C1", Decimal(9), WORDS)
    assert office.post(f"{hall.stem}/verdicts/new", {"total": "40"}).status_code in {403, 404}
    first, second = hall.verdict(round_), hall.verdict(round_, 1)
    assert {leaf: one["aggregated"] for leaf, one in first.scores.items()} == {
        "C1": "8.50",
        "C2": "5.00",
        "A2": "20.00",
    }
    assert (first.total, second.total) == (Decimal("33.50"), Decimal("29.00"))
    assert (first.rank, second.rank) == (1, 2)
