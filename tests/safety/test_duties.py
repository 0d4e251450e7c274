"""The responsibility matrix: loaded once from its file, kept by the bureau, seen by its schools."""

import pytest
from django.core.management import CommandError, call_command

from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.domains.safety.duties import Duty
from anlan.engines.exchange.api import apply, prepare, target_of
from tests.files.making import an_xlsx, upload
from tests.safety.conftest import County
from tests.safety.test_inspection_groups import page, web

pytestmark = pytest.mark.django_db
FILE = SEEDS / "responsibility_matrix.yaml"


def test_the_matrix_is_loaded_once_and_seen_below(county: County, tmp_path) -> None:
    call_command("load_responsibility_matrix", "county", str(FILE))
    points = Duty.unguarded.filter(org=county.units["county"])
    cameras = points.get(code="6.3")
    said = (cameras.net, cameras.lead, cameras.main, cameras.school_part)
    assert said == ("tech", "公安局", "教育局、学校", "main")
    assert "安监局（今应急管理局）" in points.get(code="1.1").assist
    assert points.get(code="1.2").per_term == 3
    with pytest.raises(CommandError, match="已经载入"):
        call_command("load_responsibility_matrix", "county", str(FILE))
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("kind: other", encoding="utf-8")
    with pytest.raises(CommandError, match="不是责任分解表"):
        call_command("load_responsibility_matrix", "neighbour", str(wrong))
    head = county.actor("chen", "school_head", "school")
    far = county.actor("wu", "school_head", "foreign")
    school = School.unguarded.create(
        org=county.units["school"], name="池店小学", kind="primary", nature_id="school_nature.public"
    )
    assert "保存不少于30天" in page(head, "/safety/duties/?q=30")
    assert "保存不少于30天" in page(head, f"/base/schools/{school.pk}/")
    assert "保存不少于30天" not in page(far, "/safety/duties/?q=30")
    assert web(head).get("/safety/duties/new").status_code == 403


def test_a_matrix_comes_in_from_a_spreadsheet(county: County) -> None:
    bureau = county.actor("zhou", "bureau_safety", "county")
    heads = ["单位", "责任表", "编号", "防控网", "事项", "责任内容", "牵头部门", "学校责任"]
    row = ["county", "本县", "9.1", "人防网", "值班", "上下学时段领导值班", "教育局", "主要责任"]
    target = target_of("safety.duties")
    session = prepare(bureau, target, upload("责任.xlsx", an_xlsx(heads, row)), {})
    apply(bureau, session, "all")
    duty = Duty.unguarded.get()
    assert (duty.code, duty.net, duty.school_part) == ("9.1", "human", "main")
    again = prepare(bureau, target, upload("责任.xlsx", an_xlsx(heads, row)), {})
    apply(bureau, again, "all")
    assert Duty.unguarded.count() == 1
