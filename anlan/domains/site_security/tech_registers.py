"""Ledgers of the standard of technical protection: versions, clauses, assessments (D02.7)."""

from typing import Any

from django import forms
from django.db.models import Count, Max, Q

from anlan.base.roles import KEPT_BY_SCHOOL, rights
from anlan.domains.site_security.tech_assessments import ASSESS, TechAssessment, assess, new_version
from anlan.domains.site_security.tech_editions import LEVELS, TechClause, TechEdition
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel import clock

VIEWERS = f"{KEPT_BY_SCHOOL['view']} inspector"
KEEPERS = "bureau_safety upper_safety"
EDIT = "site_security.tech_editions.edit"


class VersionForm(forms.Form):
    """The name of the new version and when it comes into force."""

    release = forms.CharField(label="新版本", max_length=40)
    since = forms.DateField(label="启用日期", widget=forms.DateInput(format="%Y-%m-%d"))


def in_force(edition: TechEdition) -> bool:
    """Begun, and not put away."""
    return edition.archived_at is None and edition.since <= clock.today()


@ledger
class TechEditions(Ledger):
    """Versions, the latest begun one in force."""

    code = "site_security.tech_editions"
    model = TechEdition
    title, noun, icon = "技防标准版本", "版", "certificate"
    area, group, order = "safety", "设置", 962
    columns = "release name since clause_count org"
    filters, search, key = "org since", "name release", "org name release"
    form = "org name release since"
    sort = "-since"
    photos = ""
    example = {"name": "校园技防标准（示例）", "release": "1", "since": "2026-01-01"}
    roles = rights(VIEWERS, KEEPERS)

    def refine(self, rows: Any) -> Any:
        """With the number of clauses."""
        return rows.annotate(asked=Count("clauses", filter=Q(clauses__archived_at=None)))

    @computed("条款", "number")
    def clause_count(self, row: Any) -> int:
        """How many clauses."""
        return int(row.asked)

    @act("生成评估", ASSESS, icon="clipboard-check", kind="primary", above=True, when=in_force,
         effect="按这个版本核对范围内每所学校今天登记的设备，结果存档，以后不再改变。")  # fmt: skip
    def assess(self, actor: Actor, record: TechEdition, values: dict[str, Any]) -> str:
        """Keep what is found today."""
        assess(actor, record)
        today = clock.today().isoformat()
        return f"/site-security/tech-assessments/?edition={record.pk}&day_from={today}&day_to={today}"

    @act("另存为新版本", EDIT, form=VersionForm, icon="copy", when=lambda row: row.archived_at is None)
    def revise(self, actor: Actor, record: TechEdition, values: dict[str, Any]) -> str:
        """A further version that begins with these clauses."""
        return new_version(actor, record, **values).get_absolute_url()

    @block("条款清单", "site_security/clauses.html", printed=True)
    def clauses(self, request: Any, record: TechEdition) -> dict[str, Any]:
        """Its clauses in words, and the way to their list."""
        rows = TechClause.objects.unscoped().filter(edition=record, archived_at=None)
        return {"clauses": list(rows.select_related("place", "kind")), "edition": record}


def newest_kinds(rows: Any, user: Any) -> Any:
    """Kinds of places, each once however many editions have it."""
    newest = rows.order_by().values("code").annotate(newest=Max("pk")).values("newest")
    return rows.filter(pk__in=newest)


@ledger
class TechClauses(Ledger):
    """Clauses: which device at which kind of place."""

    code = "site_security.tech_clauses"
    model = TechClause
    title, noun, icon = "技防标准条款", "条", "list-check"
    area, group, order = "safety", "设置", 964
    columns = "number place kind level types edition org"
    filters, search, key = "org edition kind level", "number text types", "edition number"
    form = "org edition number place kind alike level types text"
    facts = "number text place kind alike level types edition org"
    sort = "number"
    photos = ""
    choices = {"place": newest_kinds}
    example = {"number": "5.1", "level": "must", "types": "幼儿园", "text": "示例条款"}
    roles = rights(VIEWERS, KEEPERS)


@ledger
class TechAssessments(Ledger):
    """Assessments as they were found."""

    code = "site_security.tech_assessments"
    model = TechAssessment
    readonly = True
    title, noun, icon = "技防标准评估", "份", "clipboard-check"
    area, group, order = "safety", "技防设备", 258
    columns = "org day result must_gaps should_gaps school_type edition_said"
    filters, search = "org day edition result", "org__name edition_said"
    facts = "org day edition_said school_type result why musts must_gaps shoulds should_gaps"
    photos = ""
    views = {"应配有缺项": "result=lacking", "不可评估": "result=none"}
    roles = {"view": VIEWERS, "export": KEPT_BY_SCHOOL["export"]}

    @block("逐项结果", "site_security/needs.html", printed=True)
    def items(self, request: Any, record: TechAssessment) -> dict[str, Any] | None:
        """Clause by clause, what is lacking first."""
        words = dict(LEVELS)
        rows = [row | {"level": words[row["level"]]} for row in record.rows]
        return {"needs": sorted(rows, key=lambda row: bool(row["devices"]))} if rows else None
