"""What a bureau changes in the designer reaches every place a form is used, for what is issued afterwards (X.13)."""

import io
import json
import re
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.domains.custom_forms.exporting import start_export
from anlan.domains.custom_forms.filling import open_sheet
from anlan.domains.custom_forms.plans import CollectionPlan
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import FormDefinition, Response
from anlan.engines.output.exports import take_export
from anlan.engines.tasks.running import run_job
from tests.custom_forms.conftest import Bureau
from tests.factories import sign_in

KEPT, FLUE = "留样满 48 小时", "油烟管道已清洗"


def words(content: bytes) -> str:
    """The text of a PDF."""
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(content))
    )


def sheet_of(bureau: Bureau, plan: CollectionPlan, code: str) -> Response:
    """The opened sheet of a school."""
    return open_sheet(Actor.person(bureau.heads[code], "web"), bureau.task(plan, code))


def exported(bureau: Bureau, plan: CollectionPlan) -> list[list[Any]]:
    """The rows of the export, heading first."""
    job = start_export(bureau.actor, plan)
    run_job.call(job.pk)
    job.refresh_from_db()
    _, content = take_export(bureau.clerk, UUID(job.result["url"].rsplit("/", 1)[-1]))
    found: list[list[Any]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("明细").to_python()
    )
    return found


@pytest.mark.requirement("X.13")
def test_a_field_added_to_a_canteen_check_shows_everywhere_for_new_tasks_only(bureau: Bureau) -> None:
    """Added with the designer: on the computer, on the phone, on paper, in the export and in the statistics of what is
    issued afterwards; what was issued before keeps the form it had.
    """
    office = sign_in(Client(), bureau.clerk)
    address = office.post("/forms/new/", {"title": "食堂检查表", "subject": "食堂"})["Location"]
    add = {"type": "verdict", "section": "0"}
    assert office.post(f"{address}edit/add_question/", {**add, "text": KEPT}).status_code == 303
    assert office.post(f"{address}act/publish/").status_code == 303
    form = FormDefinition.unguarded.get(title="食堂检查表")
    before = bureau.issued("S1", "S2", form=form, title="上月食堂检查")
    assert office.post(f"{address}edit/add_question/", {**add, "text": FLUE}).status_code == 303
    assert office.post(f"{address}act/publish/").status_code == 303
    form.refresh_from_db()
    after = bureau.issued("S1", "S2", form=form, title="本月食堂检查")

    for plan, shown in ((before, {KEPT}), (after, {KEPT, FLUE})):
        for code in ("S1", "S2"):
            school, response = sign_in(Client(), bureau.heads[code]), sheet_of(bureau, plan, code)
            url = f"/forms/responses/{response.uid}/"
            page = school.get(url).content.decode()
            told = school.get(f"/forms/versions/{response.form_version_id}.json").json()
            asked = [one for part in told["content"]["sections"] for one in part["questions"]]
            assert {one["text"] for one in asked} == shown
            assert {text for text in (KEPT, FLUE) if text in page} == shown
            uids = [one["uid"] for one in asked]
            if code == "S1":
                sent = {"q": uids, **{f"q.{uid}": "pass" for uid in uids}, "act": "submit"}
                assert school.post(url, sent).status_code == 303
            else:
                body = {"answers": [{"question": uid, "value": "fail"} for uid in uids]}
                answer = school.post(f"{url}submit.json", json.dumps(body), "application/json")
                assert answer.status_code == 200, answer.content
            papers = (school.get(f"{url}print/").content.decode(), words(school.get(f"{url}pdf").content))
            for paper in papers:
                assert {text for text in (KEPT, FLUE) if text in paper} == shown
        heads, *rows = exported(bureau, plan)
        assert {text for text in (KEPT, FLUE) if text in heads} == shown
        assert sorted(row[heads.index(KEPT)] for row in rows) == ["不合格", "合格"]
        summary = office.get(f"{plan.get_absolute_url()}summary/").content.decode()
        assert set(re.findall(f"{KEPT}|{FLUE}", summary)) == shown
        assert summary.count("合格 1，不合格 1") == len(shown)
