"""Lists leave the house as filtered, masked, written down; what was exported can be imported again (X.12)."""

import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.base.schools import School
from anlan.base.tags import SchoolTag
from anlan.engines.audit.api import SYSTEM, AuditEntry, change, create
from anlan.engines.exchange.api import Sheet, read_sheet
from anlan.engines.output.exporting import export_job
from anlan.engines.output.exports import ExportFile, forget_old_exports, keep_export, take_export
from anlan.engines.output.housekeeping import clean_exports
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job
from anlan.kernel import clock
from anlan.kernel.errors import Missing
from tests.factories import Tree, a_grant, a_role, a_user, sign_in
from tests.files.making import PDF, an_xlsx, upload
from tests.sample.lamps import Lamp

EXPORT = "/sample/lamps/export"


def sheet_of(answer: Any, path: Path) -> Sheet:
    assert answer.status_code == 200, answer.status_code
    path.write_bytes(answer.content)
    return read_sheet(path)


def column(sheet: Sheet, title: str) -> list[Any]:
    return [row.cells[sheet.headers.index(title)] for row in sheet.rows]


def test_a_list_is_exported_as_filtered_and_within_scope(
    mine: Client, lamps: list[Lamp], tmp_path: Path, tree: Tree
) -> None:
    whole = sheet_of(mine.get(EXPORT), tmp_path / "a.xlsx")
    assert sorted(column(whole, "编号")) == ["D-0", "D-1", "D-2"]
    part = sheet_of(mine.get(EXPORT, {"org": tree.sister_school.pk, "page": 7}), tmp_path / "b.xlsx")
    assert column(part, "编号") == ["D-2"]
    entry = AuditEntry.objects.filter(action="export").latest("pk")
    assert entry.after["rows"] == 1
    assert f"org={tree.sister_school.pk}" in entry.after["query"]


def test_exports_are_masked_and_hold_no_formula(mine: Client, lamps: list[Lamp], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet = sheet_of(mine.get(EXPORT), path)
    assert set(column(sheet, "联系电话")) == {"138****0001"}
    assert "=东侧" in column(sheet, "位置")
    with zipfile.ZipFile(path) as package:
        assert not any(b"<f>" in package.read(part) for part in package.namelist())
        assert any("导出人".encode() in package.read(part) for part in package.namelist())
    text = mine.get(EXPORT, {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=东侧" in text
    assert "13859700001" not in text


def test_full_personal_data_need_the_right_and_a_reason(
    mine: Client, lamps: list[Lamp], master: Any, tmp_path: Path
) -> None:
    full = f"{EXPORT}/full"
    assert mine.get(full).status_code == 403
    assert mine.post(full, {"reason": "核对"}).status_code == 403
    client = sign_in(Client(), master)
    assert "导出理由" in client.get(full).content.decode()
    assert client.post(full, {"reason": " "}).status_code == 422
    sheet = sheet_of(client.post(full, {"reason": "核对电话"}), tmp_path / "a.xlsx")
    assert set(column(sheet, "联系电话")) == {"13859700001"}
    assert AuditEntry.objects.filter(action="export").latest("pk").reason == "核对电话"


def test_without_the_right_nothing_leaves(lamps: list[Lamp], tree: Tree) -> None:
    guest = sign_in(Client(), a_user("lamp_guest", tree.township))
    assert guest.get(EXPORT).status_code == 403
    far = sign_in(Client(), a_user("lamp_keeper", tree.far_school))
    assert "D-0" not in far.get(EXPORT, {"format": "csv"}).content.decode("utf-8-sig")
    assert far.get(EXPORT, {"format": "exe"}).status_code == 404


@pytest.mark.requirement("D12.2")
def test_chosen_columns_of_chosen_schools_leave_in_order_as_dates_and_numbers(
    lamps: list[Lamp], tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schools by type, nature, street, tag and name; columns picked and placed; a closed column is neither offered
    nor given; formula text is text; a large export is a job; each export is written down.
    """
    tag = create(SYSTEM, SchoolTag(org=tree.county, name="寄宿制"))
    for unit, kind in ((tree.school, "primary"), (tree.sister_school, "kindergarten")):
        said = {"nature_id": "school_nature.public", "town": tree.township}
        school = create(SYSTEM, School(org=unit, name=unit.name, kind=kind, **said))
        if kind == "primary":
            change(SYSTEM, school, {"tags": [tag]})
    person = a_user("lamp_keeper", tree.township)
    a_grant(person, a_role("schools", "base.schools.view").code, tree.county)
    client, ledger = sign_in(Client(), person), ledgers["sample.lamps"]
    page = client.get(f"{EXPORT}/choose").content.decode()
    for words in ("学校类型", "办学性质", "所在镇街", "标签", "学校名称", "寄宿制", 'value="spare"'):
        assert words in page
    picked = {"go": "1", "format": "xlsx", "columns": ["place", "price", "bought_on", "code"]}
    picked |= {"at-bought_on": "1", "at-code": "2", "at-price": "3", "at-place": "4"}
    Lamp.unguarded.filter(code="D-0").update(price="35.50")
    narrowings = (
        {"kind": "primary"},
        {"tag": str(tag.pk)},
        {"name": "一小"},
        {"kind": ["primary"], "tag": [tag.pk]},
    )
    for narrowing in narrowings:
        said = {f"school_{name}": value for name, value in narrowing.items()}
        sheet = sheet_of(client.get(f"{EXPORT}/choose", {**picked, **said}), tmp_path / "a.xlsx")
        assert list(sheet.headers) == ["购置日期", "编号", "价格", "位置"]
        assert [row.cells for row in sheet.rows][-1] == (date(2026, 3, 1), "D-0", 35.5, "=东侧")
        assert sorted(column(sheet, "编号")) == ["D-0", "D-1"]
    for said in ({"school_nature": "school_nature.public"}, {"school_town": tree.township.pk}):
        whole = sheet_of(client.get(f"{EXPORT}/choose", {**picked, **said}), tmp_path / "b.xlsx")
        assert sorted(column(whole, "编号")) == ["D-0", "D-1", "D-2"]
    entry = AuditEntry.objects.filter(action="export").latest("pk")
    assert (entry.user, entry.after["columns"]) == (person, ["购置日期", "编号", "价格", "位置"])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert not any(b"<f>" in package.read(part) for part in package.namelist())
    assert client.get(f"{EXPORT}/choose", {"go": "1", "format": "xlsx"}).status_code == 422
    closed = [
        replace(one, right="files.position") if one.name == "price" else one for one in ledger.column_data
    ]
    for names in ("column_data", "fact_data"):
        monkeypatch.setitem(ledger.__dict__, names, closed)
    assert 'value="price"' not in client.get(f"{EXPORT}/choose").content.decode()
    for address in (f"{EXPORT}/choose", EXPORT):
        refused = client.get(address, picked)
        assert (refused.status_code, "您不能查看" in refused.content.decode()) == (422, True)
    monkeypatch.setattr("anlan.engines.output.exporting.AS_JOB", 1)
    assert client.get(f"{EXPORT}/choose", {**picked, "columns": ["code", "place"]}).status_code == 202
    job = Job.objects.get()
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    assert list(sheet_of(client.get(export_job(job, **job.values)["url"]), tmp_path / "c.xlsx").headers) == [
        "编号",
        "位置",
    ]


@pytest.mark.requirement("X.12")
def test_what_is_exported_can_be_imported_into_an_empty_copy(
    lamps: list[Lamp], master: Any, keeper: Any, tree: Tree, tmp_path: Path, mine: Client
) -> None:
    names = ("org_id", "code", "place", "kind", "keeper", "phone", "watts", "bought_on", "spare")
    three = Lamp.unguarded.filter(pk__in=[lamp.pk for lamp in lamps[:3]])
    before = sorted(three.values_list(*names))
    answer = sign_in(Client(), master).post(f"{EXPORT}/full?layout=form", {"reason": "迁移"})
    Lamp.unguarded.all().delete()
    guest = sign_in(Client(), a_user("lamp_guest", tree.township))
    assert (
        guest.post("/sample/lamps/import", {"file": upload("灯具.xlsx", answer.content)}).status_code == 403
    )
    page = mine.post("/sample/lamps/import", {"file": upload("灯具.xlsx", answer.content)})["Location"]
    assert mine.post(f"{page}confirm", {"mode": "all"}).status_code == 303
    assert sorted(Lamp.unguarded.values_list(*names)) == before
    entry = AuditEntry.objects.get(action="import")
    assert (entry.user, entry.after["added"]) == (keeper, 3)
    bad = an_xlsx(["单位", "编号", "位置", "功率"], ["池店一小", "D-9", "门厅", "很亮"])
    page = mine.post("/sample/lamps/import", {"file": upload("坏.xlsx", bad)})["Location"]
    text = mine.get(page).content.decode()
    assert "第 2 行" in text
    assert '<td data-m="inline">功率</td>' in text
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"".join(mine.get(f"{page}errors").streaming_content))
    assert "功率：" in read_sheet(path).rows[0].cells[-1]


def test_a_large_export_is_a_job_whose_file_waits_for_its_person_until_dropped(
    mine: Client, lamps: list[Lamp], keeper: Any, monkeypatch: pytest.MonkeyPatch, shelf: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr("anlan.engines.output.exporting.AS_JOB", 2)
    answer = mine.get(EXPORT, {"state": "lit"})
    assert answer.status_code == 202
    job = Job.objects.get()
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    url = export_job(job, **job.values)["url"]
    assert sign_in(Client(), a_user("lamp_keeper", lamps[0].org)).get(url).status_code == 404
    (tmp_path / "a.xlsx").write_bytes(ExportFile.objects.get().file.path.read_bytes())
    assert len(read_sheet(tmp_path / "a.xlsx").rows) == 3
    page = mine.get("/exports/").content.decode()
    assert f'href="{url}"' in page
    assert ">3</td>" in page
    stranger = sign_in(Client(), a_user("lamp_keeper", lamps[0].org))
    assert stranger.post(f"{url}/drop").status_code == 404
    Job.objects.update(state=Job.State.DONE)
    assert mine.post(f"{url}/drop").status_code == 303
    assert mine.get(url).status_code == 404
    assert "没有导出文件" in mine.get("/exports/").content.decode()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.requirement("MLPS.18")
def test_exports_are_gone_after_a_day(mine: Client, keeper: Any, shelf: Path) -> None:
    keep_export(keeper, "台账.pdf", PDF)
    with clock.moved(clock.now() + timedelta(hours=25)), pytest.raises(Missing):
        take_export(keeper, ExportFile.objects.get().uid)
    with clock.moved(clock.now() + timedelta(hours=23)):
        assert forget_old_exports() == 0
    with clock.moved(clock.now() + timedelta(hours=25)):
        clean_exports(Job())
    assert not ExportFile.objects.exists()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.requirement("MLPS.18")
def test_a_fetched_export_is_gone_at_once_and_its_link_is_refused(
    mine: Client, keeper: Any, shelf: Path
) -> None:
    export = keep_export(keeper, "台账.pdf", PDF)
    assert mine.get(export.url).content == PDF
    assert mine.get(export.url).status_code == 404
    assert "台账.pdf" not in mine.get("/exports/").content.decode()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_of_two_who_fetch_at_once_one_gets_the_file(
    mine: Client, keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, read = keep_export(keeper, "台账.pdf", PDF), Path.read_bytes
    answers = []

    def slow(path: Path) -> bytes:
        content = read(path)
        if not answers:
            answers.append(404)
            answers.append(mine.get(export.url).status_code)
        return content

    monkeypatch.setattr(Path, "read_bytes", slow)
    assert mine.get(export.url).status_code == 404
    assert answers[-1] == 200
