"""A layout with two header rows goes in, three hundred schools fill it, it comes out summed in the same layout."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from anlan.domains.custom_forms.exporting import export_round, start_export
from anlan.domains.custom_forms.filling import choose, issue, open_sheet
from anlan.domains.custom_forms.plan_registers import standings_of
from anlan.domains.custom_forms.plans import Collection
from anlan.domains.custom_forms.summing import gathered
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import AnswerIn, save_answers
from anlan.engines.forms.layouts.drafting import draft_from
from anlan.engines.org.api import OrgUnit
from anlan.engines.output.exports import ExportFile, take_export
from anlan.engines.tasks.api import Job
from anlan.engines.tasks.running import run_job
from tests.custom_forms.conftest import Bureau
from tests.factories import a_user
from tests.forms.layouts.making import NAME, a_report

SCHOOLS = 300


@pytest.fixture
def county(bureau: Bureau) -> Bureau:
    """Three hundred schools of the county, the three there are among them."""
    for number in range(SCHOOLS - 3):
        unit = OrgUnit.objects.create(
            code=f"T{number:03}", name=f"第 {number} 小学", kind="school", parent=bureau.tree.township
        )
        bureau.profile(unit)
    return bureau


def figures(number: int) -> list[str]:
    """What a school says: tenths, so that sums show rounding errors if there are any."""
    return [f"{number % 7}.1", f"{number % 5}.2", f"{number % 3}", "0.1", "0.2", f"{number % 2}"]


def filled(bureau: Bureau) -> tuple[Collection, list[list[str]]]:
    """Everybody fills in; three keep a draft, one is sent nothing."""
    plan = bureau.plan()
    choose(bureau.actor, plan, {"whole": True})
    issue(bureau.actor, plan)
    rows = Collection.unguarded.filter(round__plan=plan).select_related("org", "round__plan__form_version")
    head = a_user("school_head", bureau.county)
    said = []
    for number, task in enumerate(rows.order_by("org__path")):
        if number >= SCHOOLS - 3:
            continue
        bureau.hand_in(task, figures(number), by=head, note="漏水" if number == 8 else "")
        said.append(figures(number))
    return rows[0], said


def sheet_parts(content: bytes, number: int) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml"))


@pytest.mark.sqlite  # a matter of length; test_sums_equal_the_answers runs on both databases
@pytest.mark.requirement("D12.7", "D12.8")
def test_a_report_goes_in_is_filled_by_three_hundred_schools_and_comes_out_summed(
    county: Bureau, tmp_path: Path
):
    task, said = filled(county)
    round_ = task.round
    assert len(said) == SCHOOLS - 3
    numbers = {title: number for title, number, _ in standings_of(round_)}
    assert numbers == {"应填": SCHOOLS, "已提交": SCHOOLS - 3, "未打开": 3}
    job = start_export(county.actor, round_.plan)
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.DONE, SCHOOLS - 3)
    name, content = take_export(county.clerk, UUID(job.result["url"].rsplit("/", 1)[-1]))
    assert name.endswith(".xlsx")
    out = tmp_path / "out.xlsx"
    out.write_bytes(content)
    source = tmp_path / NAME
    source.write_bytes(a_report())
    before, after = draft_from(source, NAME), draft_from(out, "out.xlsx")
    assert after.layout.merges == before.layout.merges
    assert after.layout.widths == before.layout.widths
    assert after.layout.heights == before.layout.heights
    assert after.formulas == before.formulas
    spots = after.layout.by_address()
    for spot in before.layout.spots:
        assert after.layout.look_of(spots[spot.at]) == before.layout.look_of(spot), spot.at
    book = CalamineWorkbook.from_path(str(out))
    assert len(book.sheet_names) == SCHOOLS - 3 + 2
    summed = book.get_sheet_by_name("汇总").to_python(skip_empty_area=False)
    wanted = [sum(Decimal(row[column]) for row in said) for column in range(6)]
    got = [Decimal(str(cell)) for cell in (*summed[3][1:4], *summed[4][1:4])]
    assert got == wanted
    assert [Decimal(str(cell)) for cell in summed[5][1:4]] == [wanted[n] + wanted[n + 3] for n in range(3)]
    detail = book.get_sheet_by_name("明细").to_python()
    assert len(detail) == SCHOOLS - 3 + 1
    one = book.get_sheet_by_name("第 8 小学").to_python(skip_empty_area=False)
    assert one[3][0] == "灭火器"
    assert one[6][1] == "第 8 小学"


@pytest.mark.requirement("D12.8")
def test_sums_equal_the_answers_and_drafts_count_nowhere(bureau: Bureau):
    plan = bureau.issued("S1", "S2", "S3")
    bureau.hand_in(bureau.task(plan, "S1"), ["0.1", "2", "2", "1", "1", "2"], note="门坏了")
    bureau.hand_in(bureau.task(plan, "S2"), ["0.2", "3", "3", "0", "1", "1"])
    draft = open_sheet(Actor.person(bureau.heads["S3"], "web"), bureau.task(plan, "S3"))
    save_answers(Actor.person(bureau.heads["S3"], "web"), draft, [AnswerIn("B4", "77")])
    totals = gathered(plan.rounds.get()).totals()
    assert totals["B4"].text == "0.3"
    assert totals["B4"].units == 2
    assert totals["E4"].value == Decimal("0.9434")
    assert totals["B8"].text == "池店一小：门坏了"


def test_an_export_run_again_after_a_killed_worker_leaves_one_file(bureau: Bureau):
    plan = bureau.issued("S1")
    bureau.hand_in(bureau.task(plan, "S1"), ["1", "1", "1", "1", "1", "1"])
    job = start_export(bureau.actor, plan)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    export_round(job, job.values["pk"])
    export_round(job, job.values["pk"])
    assert ExportFile.objects.filter(job=job).count() == 1
