"""The ledger of schools and the blocks of a school's page that base itself knows."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest

from anlan.base.blocks import blocks_for, school_block
from anlan.base.posts import holders, vacancies, with_vacant_posts
from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL, VISITING
from anlan.base.school_changes import MAINTAIN
from anlan.base.school_forms import MaintainForm, save
from anlan.base.schools import School, close_school
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, Personal, act, block, closed_columns, computed, ledger, masked
from anlan.shell.parts import Person


def is_open(school: School) -> bool:
    """Neither closed nor archived."""
    return school.closed_on is None and school.archived_at is None


@ledger
class Schools(Ledger):
    """Schools of one's scope."""

    code = "base.schools"
    model = School
    title = "学校"
    noun = "所"
    icon = "school"
    area, group, order = "base", "学校", 10
    columns = "name code kind nature town pupils staff complete"
    facts = (
        "name short_name code kind teaching_type nature sponsor urban_rural town tags address office_phone "
        "founded_on pupils classes boarders staff teachers guards site_area floor_area has_canteen has_bus "
        "longitude latitude coordinate_system"
    )
    filters = "kind nature town tags urban_rural has_canteen"
    search = "name short_name pinyin initials code"
    key = "code"
    sections = {
        "学校是谁": "org name short_name code credit_code kind teaching_type nature sponsor tags",
        "学校在哪里": "town urban_rural address longitude latitude coordinate_system office_phone",
        "有多大规模": "founded_on pupils classes boarders staff teachers guards site_area floor_area "
        "has_canteen has_bus",
    }
    sort = "org__path"
    example = {"name": "演示小学", "kind": "primary", "nature": "school_nature.public", "pupils": 420}
    roles = {
        "view": (*ABOVE, *IN_SCHOOL, *VISITING, "unit_admin"),
        "add": "bureau_safety",
        "edit": "bureau_safety",
        "import": "bureau_safety",
        "export": "bureau_safety bureau_leader township_officer upper_safety",
    }
    personal = {"office_phone": Personal("学校对外联系", "单位公开信息", "随学校档案")}
    files = {"pictures": "照片", "plans": "平面图", "papers": "资料"}

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """A profile never changes its unit."""
        moved = record is not None and "org" in values and values["org"].pk != record.org_id
        return {"org": "学校档案不能换单位"} if moved else {}

    def refine(self, rows: Any) -> Any:
        """Schools with the number of required posts nobody holds."""
        return with_vacant_posts(rows)

    def lede(self, rows: Any, user: Any) -> str:
        """How many schools and pupils, and how many schools lack a responsible person."""
        still = rows.filter(archived_at=None, closed_on=None)
        sums = still.aggregate(
            schools=Count("pk"), pupils=Sum("pupils"), lacking=Count("pk", filter=Q(vacant_posts__gt=0))
        )
        words = f"共 {sums['schools']:,} 所，在校学生 {sums['pupils'] or 0:,} 人"
        told = sums["lacking"] and not closed_columns(self, user)
        return f"{words}，{sums['lacking']} 所责任人不全" if told else words

    @computed("责任人", kind="chip", right="base.schools.block.team")
    def complete(self, row: Any) -> tuple[str, str]:
        """Whether every required post is filled."""
        return ("todo", f"缺 {row.vacant_posts} 人") if row.vacant_posts else ("done", "齐全")

    @act("维护本校信息", MAINTAIN, form=MaintainForm, icon="edit", when=is_open)
    def maintain(self, actor: Actor, record: School, values: dict[str, Any]) -> str:
        """The school's own save: at once, or as a proposal to look at."""
        return save(actor, record, values)

    @act(
        "撤销学校",
        "base.schools.edit",
        icon="x",
        kind="danger",
        when=is_open,
        effect="该校人员立即不能登录办事，历史数据保留",
    )
    def close(self, actor: Actor, record: School, values: dict[str, Any]) -> None:
        """The school no longer exists; its history does."""
        close_school(actor, record)

    @block("相关情况", "base/school_blocks.html")
    def more(self, request: HttpRequest, record: School) -> dict[str, Any] | None:
        """Blocks of this school the person may see."""
        found = blocks_for(request, record)
        return {"blocks": found} if found else None


@school_block("team", "安全小组和责任人", "base/school_team.html", (*ABOVE, *AT_SCHOOL, "inspector"))
def team(request: HttpRequest, school: School) -> dict[str, Any]:
    """Who holds which post, and which are vacant."""
    people = [
        Person(row.person.name, f"{row.post} {row.duty}", masked("phone", row.phone))
        for row in holders(school.org).filter(post__extra__team="1")
    ]
    return {"people": people, "vacant": vacancies([school.org_id]).get(school.org_id, [])}
