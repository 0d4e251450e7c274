"""What lists answer: filters, parts of words, plain characters, order, pages without loss, nothing found (X.21)."""

from typing import Any
from unittest.mock import patch

from django.db import models
from django.http import QueryDict

from anlan.base.schools import School
from anlan.engines.registry.data import path
from anlan.engines.registry.listing import Listing, sortable
from anlan.engines.registry.offering import finder_of
from tests.conformance.checks.known import check
from tests.conformance.rows import a_row, overwrite
from tests.conformance.world import World, text

PHRASE, INSIDE, REVERSED = "东侧走廊尽头", "侧走廊", "廊走侧"
ODD = "甲%乙_丙'丁"


def found(world: World, **asked: Any) -> list[int]:
    """Keys of the rows a question finds, archived ones included."""
    query = QueryDict(mutable=True)
    query.update({"archived": "all", **asked})
    return [row.pk for row in Listing(world.ledger, world.overseer, query).rows]


def searched(world: World) -> str:
    """A text field of the model itself that takes the phrase and is searched by parts."""
    for name in world.ledger.search_names:
        if "__" in name or name in world.ledger.masked:
            continue
        field: Any = world.ledger.model._meta.get_field(name)
        if not field.choices and (field.max_length or 999) >= len(PHRASE):
            return name
    return ""


@check
def searches_take_parts_of_words_and_odd_characters_as_they_are(world: World) -> None:
    name = searched(world)
    if not name:
        return
    rows = {words: a_row(world.ledger, world.inside) for words in (PHRASE, ODD, "甲乙丙丁")}
    for words, row in rows.items():
        overwrite(row, **{name: words})
    assert found(world, q=INSIDE) == [rows[PHRASE].pk]
    assert found(world, q=f"尽头 {INSIDE}") == [rows[PHRASE].pk], "words in any order"
    assert found(world, q=REVERSED) == []
    for odd in ("%乙", "乙_", "丙'", ODD):
        assert found(world, q=odd) == [rows[ODD].pk], odd


@check
def every_filter_finds_what_it_names_and_nothing_else(world: World) -> None:
    row = world.row
    for name in world.ledger.filter_names:
        field = path(world.ledger.model, name)[-1]
        value = _value(row, name)
        if value is None:
            continue
        if isinstance(field, models.DateField):
            assert row.pk not in found(world, **{f"{name}_to": "1990-01-01"}), name
            assert row.pk in found(world, **{f"{name}_from": "1990-01-01"}), name
        elif field.is_relation and field.many_to_many:
            continue
        else:
            assert row.pk in found(world, **{name: value}), name
            other = {"1": "0", "0": "1"}.get(value, "99999999") if not field.choices else "没有这个"
            assert row.pk not in found(world, **{name: other}), name


def _value(row: Any, name: str) -> Any:
    """What the address carries for the value of this row."""
    steps = path(type(row), name)
    for field in steps[:-1]:
        row = getattr(row, field.name) if row is not None and not field.many_to_many else None
    last = steps[-1]
    if row is None or last.many_to_many:
        return None
    value = last.value_from_object(row)
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool) else str(value)


@check
def no_row_is_lost_or_doubled_between_pages(world: World) -> None:
    keys = {a_row(world.ledger, world.inside).pk for _ in range(5)}
    with patch("anlan.engines.registry.listing.SIZES", (2, 50)):
        for order in ["", *(f"{sign}{name}" for name in sortable(world.ledger) for sign in ("", "-"))]:
            pages = [found(world, sort=order, page=str(number)) for number in (1, 2, 3)]
            seen = [key for page in pages for key in page]
            assert sorted(seen) == sorted(keys), order
            assert seen == found(world, sort=order, size="50"), order


@check
def an_empty_answer_says_so_and_shows_the_way_out(world: World) -> None:
    assert world.row
    page = text(world.client().get(world.url(), {"q": "查无此物查无此物"})) if world.ledger.search else ""
    assert not page or ("没有符合条件的记录" in page and "清除条件" in page)


@check
def filters_of_schools_narrow_together(world: World) -> None:
    """Type, nature and keyword, alone and together; what no school is finds nothing."""
    if finder_of(world.ledger.model).narrows:
        return
    units = world.inside, world.another("S2", "别处幼儿园")
    for unit, kind in zip(units, ("primary", "kindergarten"), strict=True):
        said = {"name": unit.name, "kind": kind, "nature_id": "school_nature.public"}
        School.unguarded.get_or_create(org=unit, defaults=said)
    mine, other = (a_row(world.ledger, unit) for unit in units)
    if {mine.org, other.org} != set(units):
        return  # a second row of a unit came to lie at one beside it
    assert found(world, school_kind="primary", school_nature="school_nature.public") == [mine.pk]
    assert found(world, school_kind="kindergarten") == [other.pk]
    assert set(found(world, school_nature="school_nature.public")) == {mine.pk, other.pk}
    assert found(world, school_kind="没有这个") == []
