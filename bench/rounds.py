"""A round of 1,500 kindergartens x 120 indicators x 3 judges: aggregation and pages, against raw SQL."""

from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings

from anlan.domains.safety_assessment.models import Entry, Panel, Round, Scheme, Sheet, Verdict
from anlan.engines.audit.api import SYSTEM
from anlan.engines.evaluation.api import Indicator, Scale, Tree, tree_out
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.rounds.api import Assessor
from anlan.engines.rounds.verdicts import store_verdicts
from anlan.kernel import clock
from bench.harness import Result, fetch, measure, timed, told
from bench.province import Province
from tests.factories import a_user

UNITS, BRANCHES, LEAVES, JUDGES = 1_500, 10, 12, 3
MEANS = """
SELECT s.entry_id, said.key, avg((said.value ->> 'score')::numeric)
FROM safety_assessment_sheet s, jsonb_each(s.scores) said
WHERE s.round_id = %s AND s.archived_at IS NULL GROUP BY 1, 2
"""
RANKED = "SELECT id, org_id, own, aggregated, total, rank FROM safety_assessment_verdict WHERE round_id = %s"
TIMES_THE_FLOOR, LIMIT_S = 15, 60


def run(province: Province) -> list[Result]:
    """Reckon once, then the pages of department and judge."""
    county = OrgUnit.objects.create(
        code="ROUNDS", name="评估县", kind=Kind.COUNTY, parent=province.units[Kind.CITY][-1]
    )
    judges = [a_user("judge", county) for _ in range(JUDGES)]
    Assessor.unguarded.bulk_create([Assessor(org=county, user=judge) for judge in judges])
    round_ = _made(county, judges)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    floor = min(timed(lambda: fetch(MEANS, (round_.pk,))) for _ in range(3))
    with transaction.atomic():
        took = timed(lambda: store_verdicts(SYSTEM, round_))
    facts = {
        "scores": UNITS * BRANCHES * LEAVES * JUDGES,
        "work_ms": round(took),
        "floor_ms": round(floor),
        "ratio": round(took / floor, 2),
        "goal": TIMES_THE_FLOOR,
    }
    reached = took / floor <= TIMES_THE_FLOOR and took <= LIMIT_S * 1000
    results = [told(Result("evaluation aggregated", reached, facts))]
    Round.unguarded.filter(pk=round_.pk).update(state="published")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return results + _pages(county, judges[0], round_)


def _pages(county: OrgUnit, judge: Any, round_: Any) -> list[Result]:
    sheet = Sheet.unguarded.filter(round=round_, judge=judge).order_by("pk")[UNITS // 2]
    results, seen = [], Verdict.unguarded.filter(round=round_).count()
    for who, name, url in (
        (a_user("bureau_safety", county), "results", "/safety-assessment/verdicts/"),
        (judge, "desk", "/evaluations/safety_assessment/desk/"),
        (judge, "sheet", sheet.desk),
    ):
        client = Client()
        client.force_login(who)
        assert client.get(url).status_code == 200, url
        results.append(
            measure(
                f"evaluation page {name}",
                work=lambda client=client, url=url: client.get(url),
                floor=lambda: fetch(RANKED, (round_.pk,)),
                goal=60,
                rounds=9,
                participants=seen,
            )
        )
    return results


def _tree() -> Tree:
    scale = Scale(Decimal(5), Decimal("0.5"), ())
    found = []
    for branch in range(BRANCHES):
        found.append(Indicator(f"A{branch}", f"一级指标 {branch}", "", None, Decimal(1)))
        for leaf in range(LEAVES):
            found.append(
                Indicator(f"A{branch}-{leaf}", f"指标 {branch}-{leaf}", f"A{branch}", scale, Decimal(1))
            )
    return Tree(found)


def _made(county: OrgUnit, judges: list[Any]) -> Any:
    tree = _tree()
    codes = [leaf.code for leaf in tree.leaves]
    scheme = Scheme.unguarded.create(org=county, title="办园行为督导评估", frozen=True)
    said = {"requirements": "逐项评分", "tree": tree_out(tree), "published_at": clock.now()}
    round_ = Round.unguarded.create(org=county, scheme=scheme, title="一轮评估", state="aggregating", **said)
    units = [
        OrgUnit.objects.create(
            code=f"ROUND{number}", name=f"第 {number} 幼儿园", kind=Kind.SCHOOL, parent=county
        )
        for number in range(UNITS)
    ]
    entries = Entry.unguarded.bulk_create([Entry(org=unit, round=round_, state="passed") for unit in units])
    panel = Panel.unguarded.create(org=county, round=round_, title="评估组", leaves=codes)
    panel.judges.set(judges)
    sheets = [
        Sheet(
            org=county, round=round_, entry=entry, panel=panel, judge=judge, state="submitted",
            scores={
                code: {"score": str(Decimal((one + two + three) % 11) / 2), "opinion": "符合"}
                for three, code in enumerate(codes)
            },
        )
        for one, entry in enumerate(entries)
        for two, judge in enumerate(judges)
    ]  # fmt: skip
    Sheet.unguarded.bulk_create(sheets, batch_size=500)
    return round_
