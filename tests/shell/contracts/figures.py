"""Contracts: numbers, small charts and maps."""

from anlan.shell import charts, trends
from anlan.shell.parts import Rank, Stat
from tests.shell.contracts.case import Case

MATRIX = {
    "label": "学校与指标",
    "caption": "2026 年度",
    "corner": "学校",
    "columns": [{"title": "骨干教师", "note": "≥ 1.0"}],
    "summary": {
        "title": "差异系数",
        "cells": [{"value": "0.53", "limit": "0.50", "late": True, "share": 75}],
    },
    "rows": [
        {
            "title": "石桥小学",
            "url": "/s/",
            "cells": [
                {"name": "骨干教师", "shown": "0.62", "tone": "late", "verdict": "低于 85%", "url": "/d/"}
            ],
        }
    ],
}
CASES = {
    "stat_band": Case(
        '<c-stat-band :stats="s" />',
        ["<dl", '<a class="al-band__a" href="/late/">', "比上周少 6", "is-good"],
        {"s": [Stat("未销号", "37", "/late/", change="比上周少 6", change_tone="good"), Stat("逾期", "3")]},
    ),
    "spark": Case(
        '<c-spark :values="v" label="近 8 周下降" />', ['aria-label="近 8 周下降"', "<path"], {"v": (3, 2, 1)}
    ),
    "bar": Case('<c-bar :value="62" label="已完成 62%" />', ['width="62%"', 'aria-label="已完成 62%"']),
    "ring": Case(
        '<c-ring :share="0.28" text="6:40" unit="小时" label="距期限 6 小时 40 分" tone="todo" />',
        ['stroke-dasharray="28 100"', 'aria-label="距期限 6 小时 40 分"', "is-todo"],
    ),
    "gauge": Case(
        '<c-gauge :value="1420" :marks="m" label="1420 元，标准 2000 元" />',
        ['aria-label="1420 元，标准 2000 元"', "标准 2,000", "%"],
        {"m": [charts.Mark(2000, "标准 2,000")]},
    ),
    "year_bars": Case(
        '<c-year-bars :values="v" label="2025 年 1390，2026 年 1420" tone="late" />',
        ["1,420", "2025", "is-late"],
        {"v": [("2025", 1390), ("2026", 1420)]},
    ),
    "trend": Case(
        '<c-trend :ticks="t" :series="s" label="销号多于新发现" />',
        ['aria-label="销号多于新发现"', ">销号</text>", "<path"],
        {"t": ["5 月", "6 月"], "s": [trends.Series("销号", (1, 2))]},
    ),
    "rank_bars": Case(
        '<c-rank-bars :rows="r" />',
        ['width="100%"', 'width="50%"', "青石镇", "<b>4</b>"],
        {"r": [Rank("青石镇", 8, "8"), Rank("石桥镇", 4, "4")]},
    ),
    "legend": Case(
        '<c-legend :marks="m" />',
        ["达标 386", 'class="g-done"'],
        {"m": [{"css": "g-done", "text": "达标 386"}]},
    ),
    "cv_cell": Case(
        '<c-cv-cell value="0.53" limit="0.50" :share="75" :late="True" />',
        ["is-late", "超过 0.50", 'width="75%"'],
    ),
    "heat_table": Case(
        '<c-heat-table :matrix="m" />',
        [
            'tabindex="0" role="region" aria-label="学校与指标"',
            "<caption",
            '<th scope="row"',
            'aria-label="石桥小学，骨干教师，0.62，低于 85%"',
            'hx-get="/d/"',
        ],
        {"m": MATRIX},
    ),
    "chart_card": Case(
        '<c-chart-card id="c" title="销号多于新发现" sentence="10 月销号 29 条" :option="o" :table="t" />',
        ['role="img" aria-label="10 月销号 29 条"', "看数据", '<th scope="row">10 月</th>', 'id="c-data"'],
        {"o": {"series": []}, "t": {"head": ["月份", "销号"], "rows": [["10 月", 29]]}},
    ),
    "county_map": Case(
        '<c-county-map id="m" sentence="186 所学校分布" :points="p" licence="审图号 GS-1" list_url="/schools/" />',
        ['aria-label="186 所学校分布"', "审图号 GS-1", 'href="/schools/"', 'id="m-points"', "石桥小学"],
        {"p": [[118.1, 24.5, "\u77f3\u6865\u5c0f\u5b66", 2]]},
    ),
}
