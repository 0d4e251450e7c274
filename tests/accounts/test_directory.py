"""The directory of safety ledgers: versions by school year, entries of the bureau and of schools (S06.1)."""

import pytest
from django.test import Client

from anlan.domains.accounts.completeness import Year
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, create
from anlan.kernel.errors import Rejected
from tests.accounts.conftest import Shelf
from tests.factories import sign_in


def titles(shelf: Shelf, year: str) -> list[str]:
    return [one.title for one in Year(shelf.tree.school, year).sections]


@pytest.mark.requirement("S06.1")
def test_a_new_version_stands_from_next_year_and_bureau_entries_stay_out_of_schools_hands(
    shelf: Shelf,
) -> None:
    bureau, school = sign_in(Client(), shelf.bureau), sign_in(Client(), shelf.keeper)
    first = shelf.directory()
    plan = shelf.section(first, "安全工作计划")
    bureau.post(f"{first.get_absolute_url()}act/issue", {"idempotency": "a"})
    assert titles(shelf, "2026-2027") == ["安全工作计划"]

    again = shelf.directory("2027-2028")
    for number, name in enumerate(("copy", "copy")):
        bureau.post(f"{again.get_absolute_url()}act/{name}", {"idempotency": f"b{number}"})
    shelf.section(again, "心理健康教育", kind="training")
    assert titles(shelf, "2027-2028") == ["安全工作计划"], "a draft changes nothing"
    bureau.post(f"{again.get_absolute_url()}act/issue", {"idempotency": "c"})
    assert titles(shelf, "2026-2027") == ["安全工作计划"]
    assert titles(shelf, "2027-2028") == ["安全工作计划", "心理健康教育"]
    plan.refresh_from_db()
    assert plan.until == "2026-2027"

    assert school.post(f"{plan.get_absolute_url()}archive", {"idempotency": "d"}).status_code == 403
    assert school.get(f"{plan.get_absolute_url()}edit").status_code == 403
    assert bureau.post(f"{plan.get_absolute_url()}archive", {"idempotency": "e"}).status_code == 409
    plan.refresh_from_db()
    assert plan.archived_at is None

    typed = {"org": shelf.tree.school.pk, "title": "家校联系", "kind": "other", "period": "year"}
    new = "/accounts/sections/new"
    more = {"required": 1, "file_kind": "document", "idempotency": "f"}
    assert school.post(new, typed | more).status_code == 422, "neither a source nor material"
    school.post(new, typed | more | {"materials": "家长信", "idempotency": "g"})
    assert "家校联系" in titles(shelf, "2026-2027")
    assert "家校联系" not in [one.title for one in Year(shelf.tree.sister_school, "2026-2027").sections]


def test_a_version_cannot_begin_in_a_year_that_has_one(shelf: Shelf) -> None:
    bureau = sign_in(Client(), shelf.bureau)
    shelf.meetings()
    late = shelf.directory("2025-2026")
    shelf.section(late, "旧台账")
    answer = bureau.post(f"{late.get_absolute_url()}act/issue", {"idempotency": "a"})
    late.refresh_from_db()
    assert answer.status_code == 409
    assert late.issued_at is None


def test_a_condition_the_source_does_not_know_is_refused(shelf: Shelf) -> None:
    said = {"title": "会议", "kind": "meeting", "source": "organisation.meetings:held_at"}
    for condition in ("room=3", "%%%"):
        with pytest.raises(Rejected):
            create(SYSTEM, Section(org=shelf.tree.school, condition=condition, **said))
