"""Kindergartens evaluated: indicators in and out, scoring, aggregation, results and their analysis (KG.01-KG.19)."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from anlan.engines.audit.api import AuditEntry, create
from anlan.engines.exchange.api import write_csv
from anlan.engines.org.api import OrgUnit
from anlan.engines.rounds.api import (
    Assessor,
    collected,
    form_panel,
    review,
    save_score,
    submit_sheet,
    take_back,
)
from anlan.engines.rounds.packing import pack_results
from anlan.engines.tasks.api import Job
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user
from tests.kindergarten.garden import Garden
from tests.rounds.hall import WORDS, actor, browser, run_job

pytestmark = pytest.mark.django_db


def sheet_of(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    """A sheet of indicators as people send it."""
    heads = ("编号", "指标", "上级指标编号", "标准分")
    return SimpleUploadedFile("指标.csv", write_csv(heads, rows))


def tree(scheme: Any) -> list[tuple[Any, ...]]:
    names = ("code", "title", "parent", "standard", "step", "options", "weight", "detail")
    return list(scheme.indicators.filter(archived_at=None).order_by("place").values_list(*names))


@pytest.mark.requirement("KG.06")
def test_a_tree_goes_out_and_comes_into_another_type_whole_or_not_at_all(garden: Garden) -> None:
    office = browser(garden.office.user)
    leaf = garden.scheme.indicators.get(code="C2")
    type(leaf).unguarded.filter(pk=leaf.pk).update(options="好=5\n中=3\n差=0", detail="查看预案")
    out = office.get(f"{garden.pages}/schemes/{garden.scheme.pk}/sheet")
    content = b"".join(out.streaming_content)
    fresh = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="新一类"))
    url = f"{garden.stem}/schemes/{fresh.pk}/act/bring_in"
    assert office.post(url, {"file": SimpleUploadedFile("指标.xlsx", content)}).status_code == 303
    assert tree(fresh) == tree(garden.scheme)
    bare = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="再一类"))
    url = f"{garden.stem}/schemes/{bare.pk}/act/bring_in"
    faulty = sheet_of(
        ("A1", "管理", "", None), ("C1", "制度", "A1", 5), ("C1", "又一个", "A1", 5), ("C8", "无上级", "B9", 5),
        ("C9", "分数", "A1", "很多"),
    )  # fmt: skip
    page = office.post(url, {"file": faulty})
    assert page.status_code == 422
    words = page.content.decode()
    assert all(f"第 {row} 行" in words for row in (4, 5, 6))
    assert "第 2 行" not in words
    assert tree(bare) == []
    wrong = SimpleUploadedFile("说明.docx", b"PK\x03\x04 no table")
    assert office.post(url, {"file": wrong}).status_code == 422
    for user in (garden.heads[0].user, garden.judges[0], garden.lead.user):
        assert browser(user).post(url, {"file": sheet_of(("A1", "管理", "", 5))}).status_code in {403, 404}
        gone = browser(user).get(f"{garden.pages}/schemes/{garden.scheme.pk}/sheet").status_code
        assert gone == 200 if user == garden.lead.user else gone in {403, 404}
    assert tree(bare) == []


@pytest.mark.requirement("KG.07")
def test_a_type_or_a_branch_is_copied_and_stands_alone(garden: Garden) -> None:
    office = browser(garden.office.user)
    branch = garden.scheme.indicators.get(code="B1")
    other = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="另一类"))
    url = f"{garden.stem}/indicators/{branch.pk}/act/copy_branch"
    assert office.post(url, {"scheme": other.pk, "parent": ""}).status_code == 303
    assert [row[:3] for row in tree(other)] == [
        ("B1", "制度", ""),
        ("C1", "责任落实", "B1"),
        ("C2", "应急预案", "B1"),
    ]
    answer = office.post(url, {"scheme": other.pk, "parent": ""})
    assert answer.status_code == 422
    assert "B1、C1、C2" in answer.content.decode()
    round_ = garden.published()
    type(branch).unguarded.filter(scheme=other, code="C1").update(title="改过")
    assert round_.indicators["C1"].title == "责任落实"
    copied = f"{garden.stem}/schemes/{garden.scheme.pk}/act/copy"
    assert office.post(copied, {"title": "整套复制"}).status_code == 303
    whole = garden.table("Scheme").unguarded.get(title="整套复制")
    assert tree(whole) == tree(garden.scheme)
    for user in (garden.heads[0].user, garden.judges[0]):
        assert browser(user).post(url, {"scheme": other.pk}).status_code in {403, 404}
        assert browser(user).post(copied, {"title": "x"}).status_code in {403, 404}


@pytest.mark.requirement("KG.08")
def test_only_kindergartens_can_be_chosen(garden: Garden) -> None:
    round_ = garden.draft()
    primary = OrgUnit.objects.create(code="P9", name="第九小学", kind="school", parent=garden.tree.county)
    said = {
        "org": garden.tree.county.pk,
        "scheme": garden.scheme.pk,
        "rule": "trimmed",
        "weighting": "points",
    }
    said |= {"title": "改名", "requirements": "逐项自评", "version": round_.version}
    office, url = browser(garden.office.user), f"{garden.stem}/rounds/{round_.pk}/edit"
    assert office.post(url, said | {"participants": [garden.schools[0].pk, primary.pk]}).status_code == 422
    round_.refresh_from_db()
    assert round_.title != "改名"
    assert office.post(url, said | {"participants": [garden.schools[0].pk]}).status_code == 303
    round_ = garden.move(round_, "publish")
    assert [one.org for one in round_.entries.all()] == [garden.schools[0]]
    assert office.post(url, said).status_code == 409


@pytest.mark.requirement("KG.02", "KG.09")
def test_free_scores_keep_to_the_step_and_options_to_what_is_offered(garden: Garden) -> None:
    scheme = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="办园特色"))
    office = browser(garden.office.user)
    form = {"org": garden.tree.county.pk, "scheme": scheme.pk, "step": "0.5", "weight": "1", "place": "0"}
    url = f"{garden.stem}/indicators/new"
    assert office.post(url, form | {"code": "A1", "title": "", "standard": "10"}).status_code == 422
    assert office.post(url, form | {"code": "A1", "title": "课程", "standard": "10"}).status_code == 303
    offered = {"code": "A2", "title": "环境", "standard": "10", "options": "好=10\n中=6\n差=0"}
    assert office.post(url, form | offered).status_code == 303
    scoreless = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="没有分"))
    assert office.post(url, form | {"code": "A1", "title": "无分", "scheme": scoreless.pk}).status_code == 303
    empty = garden.draft("没有标准分")
    type(empty).unguarded.filter(pk=empty.pk).update(scheme=scoreless)
    with pytest.raises(Rejected):
        garden.move(empty, "publish")
    round_ = garden.draft("特色评估")
    type(round_).unguarded.filter(pk=round_.pk).update(scheme=scheme)
    round_ = garden.move(round_, "publish")
    entry, head = garden.entry(round_), browser(garden.heads[0].user)
    for leaf, wrong, right in (("A1", "7.3", "7.5"), ("A2", "7.5", "6")):
        assert head.post(f"{entry.desk}?at={leaf}", {"score": wrong}).status_code == 422
        assert head.post(f"{entry.desk}?at={leaf}", {"score": right}).status_code == 303
    garden.move(entry, "submit", garden.heads[0])
    garden.move(entry, "accept")
    form_panel(garden.office, round_, "一组", garden.judges[:1], ["A1", "A2"])
    garden.move(round_, "begin_scoring")
    sheet, judge = garden.sheet(round_, 0), actor(garden.judges[0])
    for leaf, wrong, right in (("A1", "7.3", "7.5"), ("A2", "7.5", "6")):
        with pytest.raises(Rejected):
            save_score(judge, sheet, leaf, Decimal(wrong), WORDS)
        sheet = save_score(judge, sheet, leaf, Decimal(right), WORDS)
    submit_sheet(judge, sheet)
    garden.move(round_, "aggregate", garden.lead)
    run_job(round_)
    assert garden.verdict(round_).total == Decimal("13.50")


@pytest.mark.requirement("KG.04", "KG.19")
@pytest.mark.parametrize(
    ("rule", "given", "result"),
    [
        ("mean", "80 90 100 60", "82.50"),
        ("trimmed", "80 90 100 60", "85.00"),
        ("trimmed", "80 90 100", "90.00"),
        ("trimmed", "80 90", "85.00"),
        ("mean", "80 90 100", "90.00"),
        ("mean", "80 90", "85.00"),
        ("mean", "80", "80.00"),
        ("trimmed", "80", "80.00"),
    ],
)
def test_the_chosen_method_gives_its_result(garden: Garden, rule: str, given: str, result: str) -> None:
    scores = given.split()
    scheme = create(garden.office, garden.table("Scheme")(org=garden.tree.county, title="总评"))
    said = {"code": "A1", "title": "总体", "standard": 100}
    create(garden.office, garden.table("Indicator")(org=garden.tree.county, scheme=scheme, **said))
    garden.scheme, garden.schools = scheme, garden.schools[:1]
    round_ = garden.move(garden.draft(rule=rule), "publish")
    edited = browser(garden.office.user).post(f"{garden.stem}/rounds/{round_.pk}/edit", {"rule": "mean"})
    assert edited.status_code == 409
    garden.fill(round_)
    judges = [*garden.judges, a_user("judge", garden.tree.county, name="评委丁")]
    create(garden.office, Assessor(org=garden.tree.county, user=judges[3]))
    form_panel(garden.office, round_, "一组", judges[: len(scores)], ["A1"])
    garden.move(round_, "begin_scoring")
    garden.judges = judges
    for place, score in enumerate(scores):
        sheet = garden.score(garden.sheet(round_, place), A1=score)
        if place:
            submit_sheet(actor(judges[place]), sheet)
    with pytest.raises(Conflict, match="评委甲"):
        garden.move(round_, "aggregate", garden.lead)
    submit_sheet(actor(judges[0]), garden.sheet(round_, 0))
    for user in (garden.office, garden.heads[0], actor(judges[0])):
        with pytest.raises(Forbidden):
            garden.move(round_, "aggregate", user)
    garden.move(round_, "aggregate", garden.lead)
    run_job(round_)
    assert garden.verdict(round_).scores["A1"]["aggregated"] == result


@pytest.mark.requirement("KG.14", "KG.15")
def test_results_read_by_kindergarten_and_by_indicator_agree(garden: Garden) -> None:
    round_ = garden.judged()
    take_back(actor(garden.judges[2]), garden.sheet(round_, 2, 1))
    office, lead = browser(garden.office.user), browser(garden.lead.user)
    overall, scores = f"{garden.stem}/rounds/{round_.pk}/", f"{garden.pages}/rounds/{round_.pk}/scores"
    for client in (office, lead):
        page = client.get(overall).content.decode()
        assert "还没有交齐的评委 1 份" in page
        assert f"评委丙：{garden.schools[1].name}" in page
    submit_sheet(actor(garden.judges[2]), garden.sheet(round_, 2, 1))
    assert "还没有交齐" not in office.get(overall).content.decode()
    for user in (garden.heads[0].user, garden.judges[0], garden.writer):
        assert browser(user).get(f"{scores}?at=C1").status_code in {403, 404}
    garden.move(round_, "aggregate", garden.lead)
    run_job(round_)
    garden.announce(round_)
    assert browser(garden.heads[0].user).get(f"{scores}?at=C1").status_code == 403
    by_leaf = {leaf: office.get(f"{scores}?at={leaf}").context["lines"] for leaf in ("C1", "C2", "A2")}
    for school, unit in enumerate(garden.schools):
        verdict = garden.verdict(round_, school)
        rows = {leaf: line for leaf, lines in by_leaf.items() for line in lines if line["unit"] == unit}
        assert {leaf: line["aggregated"] for leaf, line in rows.items()} == {
            leaf: one["aggregated"] for leaf, one in verdict.scores.items()
        }
        assert sum(Decimal(line["final"]) for line in rows.values()) == verdict.total
        assert dict(rows["C1"]["marks"]).keys() == {"评委甲", "评委乙"}
        page = lead.get(f"{garden.stem}/verdicts/{verdict.pk}/").content.decode()
        assert all(judge in page for judge in ("评委甲", "评委乙", "评委丙"))
        assert f"{verdict.own:f}".rstrip("0").rstrip(".") in page


@pytest.mark.requirement("KG.17")
def test_results_leave_as_one_sheet_for_each_kindergarten(
    garden: Garden, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    round_ = garden.aggregated()
    for school in (0, 1):
        verdict = garden.verdict(round_, school)
        review(garden.lead, verdict, {"C2": (Decimal(4), "核减")}, collected(verdict))
    office, url = browser(garden.office.user), f"{garden.stem}/rounds/{round_.pk}/act/pack"
    assert browser(garden.heads[0].user).post(url).status_code == 403
    assert browser(garden.judges[0]).post(url).status_code in {403, 404}
    assert office.post(url).status_code == 303
    job = Job.objects.latest("pk")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    content = b"".join(office.get(pack_results(job, **job.values)["url"]))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert sorted(package.namelist()) == sorted(f"{unit.name}.xlsx" for unit in garden.schools)
        book = CalamineWorkbook.from_filelike(io.BytesIO(package.read(f"{garden.schools[0].name}.xlsx")))
    rows = [tuple(row) for row in book.get_sheet_by_name("评估结果").to_python()]
    found = {row[0]: row for row in rows[1:]}
    assert found["C1"][1:6] == ("责任落实", 10, 10, 8.5, 8.5)
    assert found["C2"][4:7] == (5, 4, "核减")
    assert "评委甲：8" in found["C1"][7]
    assert rows[-1][1:6] == ("合计", 35, 35, 33.5, 32.5)
    assert AuditEntry.objects.filter(
        action="export", object_id=str(round_.pk), user=garden.office.user
    ).exists()


@pytest.mark.requirement("KG.18")
def test_the_analysis_counts_who_took_part_only(garden: Garden) -> None:
    third = OrgUnit.objects.create(code="K3", name="第三幼儿园", kind="school", parent=garden.tree.county)
    garden.schools.append(third)
    round_ = garden.aggregated()
    lead, url = browser(garden.lead.user), f"{garden.pages}/rounds/{round_.pk}/analysis"
    page = lead.get(url)
    assert [(name, number) for name, number, _ in page.context["counted"]] == [
        ("幼儿园", 3), ("指标", 3), ("评委", 3), ("结果", 2), ("整改问题", 0),
    ]  # fmt: skip
    lines = {line.title: line for line in page.context["participants"]}
    first, absent = lines[garden.schools[0].name], lines["第三幼儿园"]
    assert (first.number, first.standard, first.own, first.own_mean) == (3, 35, 35, Decimal("11.67"))
    assert (first.reached, first.reached_mean) == (Decimal("33.50"), Decimal("11.17"))
    assert (absent.own, absent.own_mean, absent.reached) == (None, None, None)
    leaves = {line.title[:2]: line for line in page.context["indicators"]}
    assert (leaves["C1"].own_mean, leaves["C1"].reached_mean) == (10, Decimal("7.75"))
    assert leaves["C1"].number == 2
    benches = {line.name: line for line in page.context["judges"]}
    assert (benches["评委甲"].mean, benches["评委甲"].above) == (Decimal("82.5"), Decimal("-1.3"))
    assert benches["评委乙"].above == Decimal("1.3")
    for user in (
        garden.heads[0].user,
        garden.judges[0],
        garden.writer,
        a_user("bureau_leader", garden.tree.county),
    ):
        assert browser(user).get(url).status_code in {403, 404}
