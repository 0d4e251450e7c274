"""Published statistics: equal at every level, frozen at their cut-off, corrected beside the number (NF.223)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from anlan.domains.safety.hazards import Hazard
from anlan.engines.analytics import correcting
from anlan.engines.analytics.api import Correction, Publication, Wish, analyses, correct, publish, sheets
from anlan.engines.analytics.sheets import Crosstab, Sheet
from anlan.engines.analytics.tables import TOTAL, Table, counted, groupings_of, tables_of
from anlan.engines.audit.api import Actor, AuditEntry, change
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Ledger, ledgers
from anlan.engines.registry.data import path
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.conformance.rows import a_row, overwrite
from tests.factories import Tree, a_role, a_tree, a_user, sign_in
from tests.turns import by_turns

pytestmark = pytest.mark.django_db
REPORT = sheets["safety.hazard_report"]
SUBJECTS = {one.code: one for one in (*sheets, *analyses)}
JANUARY = Wish(date(2026, 1, 1), date(2026, 1, 31), "category")
NEW = f"{REPORT.url}publish"


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def bureau(tree: Tree) -> Actor:
    return Actor.person(a_user("bureau_safety", tree.county), "web")


def a_hazard(unit: OrgUnit, day: int = 10, **values: Any) -> Any:
    """A hazard found on a day of January."""
    record = a_row(ledgers["safety.hazards"], unit)
    found = clock.now().replace(2026, 1, day, 4, 0)
    overwrite(record, **{"found_at": found, **values})
    record.refresh_from_db()
    return record


# -- equal at every level ------------------------------------------------------------------------------------

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would take minutes of database work
PLACES = ("S1", "S2", "S3", "S4", "3505821", "350582")
drawn = st.lists(
    st.tuples(st.sampled_from(PLACES), st.integers(0, 9), st.integers(0, 400)), min_size=1, max_size=6
)


def planted(ledger: Ledger, unit: OrgUnit, number: int, days: int) -> None:
    """A row whose choices, state and dates are turned by two numbers."""
    record = a_row(ledger, unit)
    said: dict[str, Any] = {}
    for name in ledger.filter_names:
        if "__" in name or name == "org":
            continue
        field = path(ledger.model, name)[-1]
        if field.choices:
            said[name] = field.flatchoices[number % len(field.flatchoices)][0]
        elif field.get_internal_type() == "DateTimeField":
            said[name] = clock.now() - timedelta(days=days)
        elif field.get_internal_type() == "BooleanField":
            said[name] = bool(number % 2)
    if ledger.flow:
        said["state"] = list(ledger.flow.states)[number % len(ledger.flow.states)]
    overwrite(record, **said)


def own(table: Table, unit: OrgUnit, period: str) -> dict[str, list[int]]:
    """Numbers of the rows that belong to the unit itself."""
    columns = [
        table.count(column, table.rows(column, unit, period).filter(org=unit)) for column in table.columns
    ]
    keys = {key for column in columns for key in column}
    return {key: [column.get(key, 0) for column in columns] for key in keys}


def summed(tables: list[dict[str, list[int]]]) -> dict[str, list[int]]:
    """Lines of several tables added up; lines of nothing left out."""
    found: dict[str, list[int]] = {}
    for lines in tables:
        for key, numbers in lines.items():
            found[key] = [a + b for a, b in zip(found.get(key, [0] * len(numbers)), numbers, strict=True)]
    return {key: numbers for key, numbers in found.items() if any(numbers) or key == TOTAL}


@pytest.mark.requirement("NF.223")
@pytest.mark.parametrize("code", by_turns(SUBJECTS))
def test_school_county_and_province_come_to_the_same(code: str) -> None:
    subject, tree = SUBJECTS[code], a_tree()
    period = f"{subject.period}_from=2020-01-01&{subject.period}_to=2100-01-01" if subject.period else ""
    views = {column.source.permission("view") for table in tables_of(subject) for column in table.columns}
    a_role("looking", *views)
    looking = a_user("looking", tree.province)

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=DRAWN)
    @given(rows=drawn, grouping=st.sampled_from([code for code, _ in groupings_of(subject)] or [""]))
    def equal(rows: list[tuple[str, int, int]], grouping: str) -> None:
        tables = tables_of(subject, grouping)
        for ledger in {
            column.source.code: column.source for table in tables for column in table.columns
        }.values():
            for place, number, days in rows:
                planted(ledger, tree[place], number, days)
        for table in tables:
            agree(table, period)
            if isinstance(subject, Sheet):
                seen = Crosstab(subject, subject.grouping(grouping), period, looking).total()
                assert [cell.value for cell in seen.cells] == counted(table, tree.province, period)[TOTAL]

    def agree(table: Table, period: str) -> None:
        units = list(OrgUnit.objects.all())
        each = {unit.pk: own(table, unit, period) for unit in units}
        mine = {unit.pk: counted(table, unit, period) for unit in units}
        whole = summed([mine[tree.province.pk]])
        assert whole == summed(list(each.values())), "recomputed from every unit's own rows"
        for unit in units:
            below = [mine[child.pk] for child in units if child.parent_id == unit.pk]
            assert summed([mine[unit.pk]]) == summed([*below, each[unit.pk]]), unit

    equal()


# -- frozen, corrected beside --------------------------------------------------------------------------------


def numbers(publication: Publication) -> list[int]:
    """The published totals."""
    found: list[int] = publication.numbers[0][TOTAL]
    return found


@pytest.mark.requirement("NF.223")
def test_late_data_become_a_dated_correction_beside_the_published_number(tree: Tree, bureau: Actor) -> None:
    first, second = a_hazard(tree.school), a_hazard(tree.sister_school, 12)
    a_hazard(tree.far_school)
    made = publish(bureau, REPORT, tree.county, JANUARY)
    assert numbers(made)[:1] == [2]
    assert correct(bureau, made) == []
    overwrite(second, state="closed")  # what moves on by itself is no late datum
    assert correct(bureau, made) == []
    late = a_hazard(tree.school, 20, category=first.category)
    a_hazard(tree.school, 20, found_at=clock.now())  # of another period
    a_hazard(tree.far_school, 20)
    found = correct(bureau, made, "学校补报")
    kept = {(one.line, one.measure): (one.before, one.after, one.rows, one.why) for one in found}
    title = f"{REPORT.title}：发现"
    assert kept[("合计", title)] == (2, 3, [late.pk], "截止后登记或改正 1 条；学校补报")
    assert kept[(str(first.category), title)][:3] == (1, 2, [late.pk])
    waiting = f"{REPORT.title}：待核实"
    assert {key[1] for key in kept} == {title, waiting}, "a late row counts in the state it is in, once"
    assert correct(bureau, made) == []
    made.refresh_from_db()
    assert numbers(made)[:1] == [2], "what was published stays"
    Hazard.unguarded.filter(pk=first.pk).update(
        archived_at=None, found_at=clock.now(), updated_at=clock.now()
    )
    gone = {one.line: (one.before, one.after) for one in correct(bureau, made) if one.measure == title}
    assert gone["合计"] == (3, 2)
    client = sign_in(Client(), bureau.user)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "更正为 2" in page or "更正为 <b" in page
    assert "学校补报" in page
    assert f'href="/safety/hazards/{late.pk}/"' in page
    assert f"{clock.today():%Y-%m-%d}"[5:] in page
    entries = AuditEntry.objects.filter(model="analytics.correction", action="correct")
    assert entries.count() == Correction.unguarded.count()


def overwriting(bureau: Actor, made: Publication) -> list[Any]:
    """Every way in which a program could write over the published numbers."""

    def in_bulk() -> None:
        with transaction.atomic():
            Publication.unguarded.bulk_update([made], ["numbers"])

    def by_save() -> None:
        made.numbers = []
        made.save()

    return [
        lambda: change(bureau, made, {"numbers": []}),
        lambda: change(bureau, made, {"title": "别的", "note": "改"}),
        lambda: Publication.unguarded.filter(pk=made.pk).update(numbers=[]),
        lambda: Publication.objects.unscoped().filter(pk=made.pk).update(org=1),
        in_bulk,
        by_save,
    ]


@pytest.mark.requirement("NF.223")
def test_a_published_figure_is_never_overwritten(tree: Tree, bureau: Actor) -> None:
    a_hazard(tree.school)
    made = publish(bureau, REPORT, tree.county, JANUARY)
    stored = Publication.unguarded.values().get(pk=made.pk)
    for overwrite_it in overwriting(bureau, made):
        with pytest.raises(Conflict, match="不能改写"):
            overwrite_it()
        assert Publication.unguarded.values().get(pk=made.pk) == stored
        made = Publication.unguarded.get(pk=made.pk)
    refused = AuditEntry.objects.filter(action="refused:change", object_id=str(made.pk), succeeded=False)
    assert [sorted(entry.after) for entry in refused.order_by("pk")] == [["numbers"], ["note", "title"]]
    one = Correction(
        org=tree.county, publication=made, table=0, column=0, key="*", before=1, after=2, why="错"
    )
    one.line = one.measure = "合计"
    one.save()
    with pytest.raises(Conflict):
        Correction.unguarded.filter(pk=one.pk).update(after=3)
    with pytest.raises(Conflict, match="已经发布过"):
        publish(bureau, REPORT, tree.county, JANUARY)
    client = sign_in(Client(), bureau.user)
    again = client.post(NEW, form(tree.county))
    assert again.status_code == 409
    assert "已经发布过" in again.content.decode()
    assert AuditEntry.objects.filter(action="refused:publish", user=bureau.user, succeeded=False).exists()
    assert client.post(f"{made.get_absolute_url()}edit", {"title": "别的"}).status_code == 403
    assert Publication.unguarded.count() == 1


def test_without_the_guard_it_would_be_overwritten(
    tree: Tree, bureau: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish(bureau, REPORT, tree.county, JANUARY)
    monkeypatch.setattr(Publication, "FROZEN", "")
    change(bureau, made, {"numbers": []})
    assert Publication.unguarded.get(pk=made.pk).numbers == []


def test_two_who_look_for_late_data_write_one_correction(tree: Tree, bureau: Actor) -> None:
    made = publish(bureau, REPORT, tree.county, JANUARY)
    same = Publication.unguarded.get(pk=made.pk)
    a_hazard(tree.school)
    assert correct(bureau, made)
    before = Correction.unguarded.count()
    with pytest.raises(Conflict):
        correct(bureau, same)
    assert Correction.unguarded.count() == before
    assert correcting.correct_all(date(2026, 1, 1)) == 0


# -- the pages -----------------------------------------------------------------------------------------------


def form(unit: OrgUnit, **said: str) -> dict[str, Any]:
    """The page filled in."""
    filled = {
        "first_on": "2026-01-01",
        "last_on": "2026-01-31",
        "grouping": "category",
        "sources": "平台登记",
    }
    return {**filled, "unit": unit.pk, **said}


def test_publishing_by_the_page_shows_numbers_definition_and_sources(tree: Tree, bureau: Actor) -> None:
    a_hazard(tree.school)
    client = sign_in(Client(), bureau.user)
    assert f'href="{NEW}"' in client.get(REPORT.url).content.decode()
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, form(tree.county, note="一月报表"))
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    for words in ("隐患整改报表（类别）", "平台登记", "一月报表", "状态：", "整改", "数字是数据截止时的数字"):
        assert words in page
    assert "隐患整改报表（类别）" in client.get("/analytics/publications/").content.decode()
    recount = f"{answer['Location']}act/recount"
    a_hazard(tree.school, 3)
    assert client.post(recount, {"reason": "补报"}).status_code == 303
    assert "补报" in client.get("/analytics/corrections/").content.decode()


def test_nobody_publishes_beyond_the_own_units_or_without_the_right(tree: Tree, bureau: Actor) -> None:
    client, head = sign_in(Client(), bureau.user), a_user("school_head", tree.school)
    assert client.post(NEW, form(tree.other_county)).status_code == 422
    assert client.post(NEW, form(tree.county, last_on="2025-12-31")).status_code == 422
    assert client.post(NEW, form(tree.county, last_on="2999-12-31")).status_code == 422
    assert sign_in(Client(), head).get(NEW).status_code == 403
    assert client.get("/choose/publishing/", {"q": "南安"}).json()["total"] == 0
    assert sign_in(Client(), head).get("/choose/publishing/").status_code == 403
    with pytest.raises(Forbidden):
        publish(bureau, REPORT, tree.other_county, JANUARY)
    with pytest.raises(Rejected):
        publish(bureau, REPORT, tree.county, Wish(date(2026, 2, 1), date(2026, 1, 1)))
    assert not QuerySet.exists(Publication.unguarded.all())
