"""A county with a layout: number cells with a range, a name known beforehand, a day, a long text, formulas."""

from decimal import Decimal
from pathlib import Path

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.definition import Filling, NumberRule, Question
from anlan.engines.forms.layouts.keeping import add_layout, put_on
from tests.factories import Tree
from tests.forms.layouts.making import NAME, a_report

COUNT = Question(
    "x",
    "number",
    "",
    number=NumberRule("台", Decimal(0), Decimal(500), 0),
    filling=Filling(total="sum"),
    hint="按实际数填",
)


@pytest.fixture
def drawn(tree: Tree, keeper: Actor, tmp_path: Path) -> forms.FormDefinition:
    path = tmp_path / NAME
    path.write_bytes(a_report())
    made, _ = add_layout(keeper, tree.county, path, NAME, title="学校安全设施统计表", subject="数据填报")
    put_on(keeper, made, ["B4", "C4", "D4", "B5", "C5", "D5"], COUNT)
    put_on(
        keeper,
        made,
        ["B7"],
        Question("x", "text", "学校名称", filling=Filling(known="unit_name", fixed=True)),
    )
    put_on(keeper, made, ["E7"], Question("x", "date", "检查日期", filling=Filling(latest="today")))
    put_on(keeper, made, ["B8"], Question("x", "long_text", "存在问题", required=False))
    return made
