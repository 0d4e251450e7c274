"""List rows: every kind of cell, safe, stacking on phones, and quick."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from anlan.kernel import clock
from anlan.shell.rows import Column, compile_rows
from anlan.shell.tables import heads, numbered_pages, page_words

NOW = datetime(2026, 10, 20, 10, 0, tzinfo=clock.zone())


@dataclass
class Row:
    pk: int = 7
    title: str = "围墙外倾"
    place: str = "北围墙"
    grade: int = 1
    state: tuple[str, str] = ("late", "整改逾期")
    deadline: datetime = NOW - timedelta(days=2)
    found: date = date(2026, 10, 1)
    money: Decimal = Decimal("2860")
    pupils: int = 98420
    note: str | None = None
    closed: bool = False


COLUMNS = [
    Column("title", "问题", "title", note=lambda row: row.place),
    Column("grade", "等级", "risk", on_phone="inline", sort="grade"),
    Column("state", "状态", "chip", on_phone="inline"),
    Column("deadline", "期限", "due", on_phone="end", sort="deadline", closed=lambda row: row.closed),
    Column("found", "发现", "date", on_phone="hide"),
    Column("money", "经费", "money", label="经费"),
    Column("pupils", "学生", "number"),
    Column("note", "备注", "meta", shown=False),
]
render = compile_rows(COLUMNS, lambda row: f"/hazards/{row.pk}/", selectable=True)


@pytest.fixture(autouse=True)
def fixed_clock():
    with clock.moved(NOW):
        yield


def test_a_row_shows_every_kind_of_cell():
    markup = render([Row()])
    for part in (
        '<a class="al-table__t" href="/hazards/7/">围墙外倾</a>',
        '<div class="al-meta">北围墙</div>',
        "al-risk is-1",
        '<span class="al-chip is-late">整改逾期</span>',
        "逾期 2 天",
        "10-01",
        "2,860 元",
        "98,420",
        ">未填</td>",
    ):
        assert part in markup


def test_every_cell_knows_its_place_on_phones_and_hidden_columns_stay_hidden():
    markup = render([Row()])
    assert 'data-col="deadline" data-m="end"' in markup
    assert 'data-col="found" data-m="hide"' in markup
    assert 'data-col="note" data-m="hide" hidden>未填<' in markup  # nothing to show on a phone
    assert 'data-col="note" data-m="block" hidden>见附图<' in render([Row(note="见附图")])
    assert 'data-col="money" data-m="block" data-l="经费">2,860 元<' in markup


def test_the_check_box_names_the_row():
    assert 'name="chosen" value="7" aria-label="选择 围墙外倾"' in render([Row()])


def test_a_closed_record_is_not_late():
    assert "逾期" not in render([Row(closed=True, state=("done", "已销号"))])


def test_hostile_values_are_escaped():
    evil = "<script>alert(1)</script>"
    assert "<script" not in render([Row(title=evil, place=evil, state=("idle", evil))])


def test_a_column_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown kind"):
        Column("x", "X", "picture")
    with pytest.raises(ValueError, match="phones"):
        Column("x", "X", on_phone="left")


def test_fifty_rows_take_a_few_milliseconds():
    rows = [Row(pk=n) for n in range(50)]
    render(rows)
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        render(rows)
        times.append(time.perf_counter() - begun)
    assert sorted(times)[3] < 0.02


def test_a_head_sorts_one_way_and_then_the_other(request_at):
    up = heads(request_at("/l/?q=门&page=3"), COLUMNS, "deadline")[3]
    assert up.direction == "ascending"
    assert up.url == "/l/?q=%E9%97%A8&sort=-deadline"
    assert heads(request_at("/l/"), COLUMNS, "-deadline")[3].url == "/l/?sort=deadline"
    assert heads(request_at("/l/"), COLUMNS, "")[0].url == ""


def test_the_pager_says_which_rows_and_never_counts_without_a_cap(request_at):
    assert page_words(1, 20, 128).words == "第 1–20 条，共 128 条"
    assert page_words(1, 20, 10_001).words == "第 1–20 条，共 10,000+ 条"
    assert page_words(1, 0, 0).words == "共 0 条"
    pager = numbered_pages(request_at("/l/"), 2, 20, 45, 20)
    assert [n.number for n in pager.numbers] == [1, 2, 3]
    assert pager.previous == "/l/?page=1"
    assert [n.number for n in pager.sizes] == [20, 50, 100]
