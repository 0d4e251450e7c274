"""Plans see the terms of the school calendar."""

from datetime import date

from anlan.base.calendar import Term, terms_between
from tests.factories import a_tree


def test_the_terms_nearest_above_the_unit_count(db):
    tree = a_tree()
    for unit, first in ((tree.province, date(2026, 9, 1)), (tree.county, date(2026, 9, 3))):
        Term.unguarded.create(org=unit, name="秋", code="2026-1", first=first, last=date(2027, 1, 20))
    assert terms_between(tree.school, date(2026, 9, 10), date(2026, 9, 11)) == [
        (date(2026, 9, 3), date(2027, 1, 20))
    ]
    assert terms_between(tree.university, date(2026, 9, 10), date(2026, 9, 11))[0][0] == date(2026, 9, 1)
    assert terms_between(tree.school, date(2026, 8, 1), date(2026, 8, 2)) == []
