"""What the trail keeps of scores: each change with both values, and no more than what changed (MLPS.10)."""

from decimal import Decimal

import pytest

from anlan.engines.audit.api import AuditEntry
from anlan.engines.rounds.api import review
from tests.rounds.hall import Hall

pytestmark = pytest.mark.django_db


def test_a_score_is_written_down_with_both_values_and_without_the_rest_of_its_sheet(hall: Hall) -> None:
    sheet = hall.score(hall.sheet(hall.scoring(), 0), C1="8", C2="5")
    hall.score(sheet, C1="9")
    entries = AuditEntry.objects.filter(action="score", object_id=str(sheet.pk)).order_by("pk")
    said = [
        ({leaf: one["score"] for leaf, one in side["scores"].items()} for side in (entry.before, entry.after))
        for entry in entries
    ]
    assert [tuple(sides) for sides in said] == [
        ({}, {"C1": "8"}),
        ({}, {"C2": "5"}),
        ({"C1": "8"}, {"C1": "9"}),
    ]
    assert {entry.user_id for entry in entries} == {sheet.judge_id}


def test_a_review_is_written_down_with_its_reason(hall: Hall) -> None:
    verdict = hall.verdict(hall.aggregated())
    review(hall.office, verdict, {"C1": (Decimal("9.5"), "现场复核")})
    entry = AuditEntry.objects.get(action="review", object_id=str(verdict.pk))
    assert set(entry.after["scores"]) == {"C1"}
    assert (entry.before["scores"]["C1"]["final"], entry.after["scores"]["C1"]["final"]) == ("8.50", "9.5")
    assert entry.after["scores"]["C1"]["reason"] == "现场复核"
    assert entry.user == hall.office.user
