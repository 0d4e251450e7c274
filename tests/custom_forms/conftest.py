"""A county bureau that collects, with schools that fill in."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anlan.base.schools import School
from anlan.domains.custom_forms.filling import choose, issue, open_sheet
from anlan.domains.custom_forms.plans import Collection, CollectionPlan
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.forms.api import (
    AnswerIn,
    Filling,
    FormDefinition,
    NumberRule,
    Question,
    Response,
    add_layout,
    publish,
    put_on,
    save_answers,
    submit,
)
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user
from tests.forms.layouts.making import NAME, a_report

CELLS = ("B4", "C4", "D4", "B5", "C5", "D5")


class Bureau:
    """The county, its clerk, its schools, and the layout they fill in."""

    def __init__(self, folder: Path) -> None:
        self.tree: Tree = a_tree()
        self.county = self.tree.county
        self.clerk = a_user("bureau_safety", self.county, name="周科长")
        self.heads = {code: a_user("school_head", self.tree[code]) for code in ("S1", "S2", "S3", "S4")}
        for number, code in enumerate(("S1", "S2", "S3", "S4"), 1):
            self.profile(self.tree[code], 100 * number)
        self.form = self._form(folder)

    def profile(self, unit: OrgUnit, pupils: int = 0) -> School:
        """A school's profile."""
        return create(
            SYSTEM,
            School(org=unit, name=unit.name, kind="primary", nature_id="school_nature.public", pupils=pupils),
        )

    def _form(self, folder: Path) -> FormDefinition:
        path, actor = folder / NAME, self.actor
        path.write_bytes(a_report())
        made, _ = add_layout(actor, self.county, path, NAME, title="设施统计", subject="数据填报")
        count = Question(
            "x",
            "number",
            "",
            number=NumberRule("台", Decimal(0), Decimal(500), 1),
            filling=Filling(total="sum"),
        )
        put_on(actor, made, CELLS, count)
        put_on(
            actor,
            made,
            ["B7"],
            Question("x", "text", "学校名称", filling=Filling(known="unit_name", fixed=True)),
        )
        put_on(actor, made, ["E7"], Question("x", "date", "检查日期", required=False))
        put_on(
            actor,
            made,
            ["B8"],
            Question("x", "long_text", "存在问题", required=False, filling=Filling(total="list")),
        )
        publish(actor, made)
        return made

    @property
    def actor(self) -> Actor:
        """The clerk at the desk."""
        return Actor.person(self.clerk, "web")

    def plan(self, **values: Any) -> CollectionPlan:
        """A draft."""
        said = {"org": self.county, "title": "秋季统计", "form": self.form, "starts_on": clock.today(),
                "ends_on": clock.today() + timedelta(days=3), "created_by": self.clerk}  # fmt: skip
        return create(self.actor, CollectionPlan(**said | values))

    def issued(self, *codes: str, **values: Any) -> CollectionPlan:
        """A collection in force, by name of school."""
        plan = self.plan(**values)
        choose(self.actor, plan, {"named": [self.tree[code] for code in codes or ("S1", "S2", "S3")]})
        return issue(self.actor, plan)

    def task(self, plan: CollectionPlan, code: str = "S1") -> Collection:
        """The task of one school."""
        rows = Collection.unguarded.select_related("org", "round__plan__org", "round__plan__form_version")
        return rows.get(round__plan=plan, org=self.tree[code])

    def hand_in(
        self, task: Collection, numbers: list[str], by: User | None = None, note: str = ""
    ) -> Response:
        """Fill in the six numbers and hand them in."""
        actor = Actor.person(by or self.heads[task.org.code], "web")
        response = open_sheet(actor, task)
        said = [AnswerIn(at, number) for at, number in zip(CELLS, numbers, strict=True)]
        save_answers(actor, response, [*said, AnswerIn("B8", note or None)])
        return submit(actor, response)


@pytest.fixture
def bureau(db: None, tmp_path: Path, settings: Any) -> Bureau:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Bureau(tmp_path)
