"""Publishing the numbers of a report or analysis: frozen with their definition at a cut-off (NF.223)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from anlan.engines.analytics.conditions import in_words
from anlan.engines.analytics.publications import TAKEN, Publication
from anlan.engines.analytics.tables import Subject, Table, counted, groupings_of, tables_of
from anlan.engines.audit.api import Actor, create, log
from anlan.engines.org.api import OrgUnit, declare_permission, scope
from anlan.engines.registry.api import datum
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

PUBLISH = declare_permission(
    "analytics.publications.publish", "统计：发布", ("bureau_safety", "bureau_leader", "upper_safety")
).code


@dataclass(frozen=True)
class Wish:
    """What to publish: a period, a grouping, where the data come from, and words beside them."""

    first_on: date
    last_on: date
    grouping: str = ""
    sources: str = ""
    note: str = ""


def publish(actor: Actor, subject: Subject, unit: OrgUnit, wish: Wish) -> Publication:
    """Freeze the numbers of a unit and everything below it, as they stand now.

    Forbidden without the right over the unit; Rejected for a period that is reversed or not over;
    Conflict, written down, where these numbers are published already.
    """
    for right in (PUBLISH, subject.permission):
        if not scope(actor.user, right).covers(unit.path):
            raise Forbidden(right)
    if wish.last_on < wish.first_on or wish.last_on > clock.today():
        raise Rejected({"last_on": "止期要晚于起期，且不能在今天之后"})
    made = _counted(subject, unit, wish)
    if _published(made):
        log(actor, "refused:publish", made, title=made.title, succeeded=False)
        raise Conflict(TAKEN)
    return create(actor, made, action="publish")


def _published(made: Publication) -> bool:
    same = ("org", "source", "grouping", "first_on", "last_on")
    return Publication.unguarded.filter(**{name: getattr(made, name) for name in same}).exists()


def _counted(subject: Subject, unit: OrgUnit, wish: Wish) -> Publication:
    groupings = dict(groupings_of(subject))
    grouping = wish.grouping if wish.grouping in groupings else next(iter(groupings), "")
    tables, moment = tables_of(subject, grouping), clock.now()
    made = Publication(
        org=unit,
        source=subject.code,
        grouping=grouping,
        title=f"{subject.title}（{groupings[grouping]}）" if grouping else subject.title,
        first_on=wish.first_on,
        last_on=wish.last_on,
        cut_off=moment,
        checked_at=moment,
        sources=wish.sources or sources_of(tables),
        note=wish.note,
        definition={
            "period": subject.period,
            "period_title": datum(tables[0].columns[0].source, subject.period).title
            if subject.period
            else "",
            "tables": [_defined(table) for table in tables],
        },
    )
    made.numbers = [counted(table, unit, made.period) for table in tables]
    made.lines = [table.titles(list(found)) for table, found in zip(tables, made.numbers, strict=True)]
    return made


def _defined(table: Table) -> dict[str, Any]:
    words = [in_words(column.source, column.query) for column in table.columns]
    return {**table.said(), "words": words}


def tables_in(publication: Publication) -> list[Table]:
    """What a publication counted, as it was written down; later declarations do not change it."""
    said = publication.definition["tables"]
    return [Table.kept({name: one[name] for name in one if name != "words"}) for one in said]


def sources_of(tables: list[Table]) -> str:
    """Where the numbers come from, in words."""
    titles = dict.fromkeys(column.source.title for table in tables for column in table.columns)
    return f"本单位及下级单位在平台登记的{'、'.join(titles)}"
