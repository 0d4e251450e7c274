"""Editions of the standard stand side by side; an area goes over to the next one on a day."""

import copy
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from anlan.domains.site_security.edition_registers import renew_surveys
from anlan.domains.site_security.editions import Edition, EditionChoice, LocationKind, edition_for
from anlan.domains.site_security.laying_out import renew, set_up
from anlan.domains.site_security.loading import load_edition
from anlan.domains.site_security.stating import Said, state
from anlan.engines.audit.api import create
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.files.making import a_picture, upload
from tests.site_security.conftest import DATA, Ground, line, web

pytestmark = pytest.mark.django_db


def second_edition() -> dict[str, Any]:
    """The next edition: one row altered, one new, the rest as before."""
    data = copy.deepcopy(DATA)
    data["edition"] = "GBT29315-2022/TEST"
    altered = next(row for row in data["requirements"] if row["id"] == "L04-1")
    altered["text"] += "，并与公安机关联网"
    data["requirements"].append(
        {"id": "L01-9", "location": "L01", "measure": "physical", "level": "must", "text": "设置防冲撞设施"}
    )
    return data


@pytest.mark.requirement("N1.09")
def test_editions_stand_side_by_side_and_a_change_asks_only_for_what_is_new(
    ground: Ground, tmp_path: Any
) -> None:
    survey = ground.survey()
    for kind in LocationKind.unguarded.filter(edition=ground.edition, general=False):
        ground.place(ground.officer, survey, kind)
    photographed = ground.rows(survey, "L03")[0]
    state(ground.officer, survey, {photographed.pk: Said("met", files=[upload("a.jpg", a_picture())])})
    ground.fill(ground.officer, survey)
    url = f"/site-security/compliance/?by=kind&area={survey.org_id}&edition={ground.edition.pk}"
    before = line(web(ground.bureau).get(url).content.decode(), "门卫值班室")

    new = load_edition(ground.bureau, ground.tree.county, second_edition())
    assert load_edition(ground.bureau, ground.tree.county, second_edition()) == new
    assert line(web(ground.bureau).get(url).content.decode(), "门卫值班室") == before
    later = clock.today() + timedelta(days=30)
    chosen = {"org": ground.tree.county.pk, "edition": new.pk, "since": later.isoformat()}
    assert web(ground.bureau).post("/site-security/edition-choices/new", chosen).status_code == 303
    assert edition_for(survey.org) == ground.edition
    assert edition_for(survey.org, later) == new
    assert renew(ground.bureau, ground.tree.county) == 0, "not before its day"
    EditionChoice.unguarded.filter(edition=new).update(since=clock.today() - timedelta(days=1))
    EditionChoice.unguarded.filter(edition=ground.edition).update(since=clock.today() - timedelta(days=9))
    assert renew_surveys(None, ground.tree.county.pk) == {"changed": 2}  # type: ignore[arg-type]
    fresh = ground.survey()
    assert fresh.edition == new
    asked = [row for row in ground.rows(fresh) if not row.verdict]
    assert {row.requirement.code for row in asked} == {"L01-9", "L04-1"}
    again = web(ground.officer).get(f"{fresh.get_absolute_url()}kinds/{ground.kind('L03', new).pk}/")
    assert "已有 1 张照片" in again.content.decode()
    assert line(web(ground.bureau).get(url).content.decode(), "门卫值班室") == before
    assert len(ground.rows(survey)) > 50
    with pytest.raises(Conflict):
        set_up(ground.officer, survey, kind=ground.kind("L03"), name="旧版里加")
    assert renew(ground.bureau, ground.tree.county) == 0

    doubled = second_edition() | {"edition": "X"}
    doubled["requirements"].append(doubled["requirements"][0])
    with pytest.raises(Rejected, match="编号重复"):
        load_edition(ground.bureau, ground.tree.county, doubled)
    file = tmp_path / "doubled.yaml"
    file.write_text(yaml.safe_dump(doubled, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CommandError, match="编号重复"):
        call_command("load_site_edition", ground.tree.county.code, str(file))
    changed = second_edition()
    changed["requirements"][0]["text"] = "悄悄改了"
    with pytest.raises(Conflict):
        load_edition(ground.bureau, ground.tree.county, changed)
    assert Edition.unguarded.count() == 2
    with pytest.raises(Rejected):
        create(ground.bureau, EditionChoice(org=ground.tree.other_county, edition=new, since=later))
