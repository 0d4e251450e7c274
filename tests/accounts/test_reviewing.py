"""The bureau looks through material, returns it with a comment, and changes nothing of the school's (S06.5)."""

import pytest
from django.test import Client

from anlan.domains.accounts.completeness import Year
from anlan.domains.accounts.issuing import issue
from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.files.api import attach, attachments_of, remove
from anlan.engines.tasks.api import todos_for
from tests.accounts.conftest import Shelf
from tests.factories import sign_in
from tests.files.making import PDF, upload


@pytest.mark.requirement("S06.5")
def test_returned_material_is_open_again_with_the_comment_and_keeps_its_first_version(shelf: Shelf) -> None:
    directory = shelf.directory()
    entry = shelf.section(directory, "制度台账", materials="值班制度")
    issue(Actor.person(shelf.bureau), directory)
    item = shelf.item(entry, title="值班制度（初稿）", note="只有两条")
    paper = attach(Actor.person(shelf.keeper), item, upload("初稿.pdf", PDF), "file")
    bureau, school = sign_in(Client(), shelf.bureau), sign_in(Client(), shelf.keeper)
    url, unit = item.get_absolute_url(), shelf.tree.school
    typed = {"org": unit.pk, "section": entry.pk, "material": "值班制度", "day": "2026-10-19"}

    bureau.post(f"{url}move/passing", {"version": 1, "idempotency": "a", "comment": ""})
    item.refresh_from_db()
    closed = {**typed, "title": "偷偷改", "version": item.version, "idempotency": "b"}
    assert school.post(f"{url}edit", closed).status_code == 409, "what was passed is closed"

    no_words = {"version": item.version, "idempotency": "c", "comment": ""}
    assert bureau.post(f"{url}move/hand_back", no_words).status_code == 422
    bureau.post(f"{url}move/hand_back", no_words | {"comment": "缺夜间值班", "idempotency": "d"})
    item.refresh_from_db()
    assert item.state == "returned"
    assert Year(unit, "2026-2027").degree(unit).percent == 0, "returned material is still to be completed"
    assert [line.url for line in todos_for(shelf.keeper)] == [url]
    page = school.get(url).content.decode()
    assert "缺夜间值班" in page
    assert f"{url}edit" in page

    better = {
        "title": "值班制度（修订）",
        "note": "增加夜间值班",
        "version": item.version,
        "idempotency": "e",
    }
    school.post(f"{url}edit", typed | better)
    remove(Actor.person(shelf.keeper), paper)
    item.refresh_from_db()
    school.post(f"{url}move/refile", {"version": item.version, "idempotency": "f"})
    item.refresh_from_db()
    assert (item.state, item.title) == ("filed", "值班制度（修订）")
    assert Year(unit, "2026-2027").degree(unit).percent == 100
    page = bureau.get(url).content.decode()
    kept = page.split("退回前的版本")[1]
    for words in ("值班制度（初稿）", "只有两条", "缺夜间值班", paper.address()):
        assert words in kept, words
    assert bureau.get(paper.address("download")).status_code == 200

    before = (item.version, len(attachments_of(item)))
    assert bureau.get(f"{url}edit").status_code == 403
    assert bureau.post(f"{url}edit", typed | better | {"idempotency": "g"}).status_code == 403
    assert bureau.post(f"{url}archive", {"idempotency": "h"}).status_code == 403
    assert bureau.post(f"{url}move/refile", {"version": item.version, "idempotency": "i"}).status_code == 403
    sly = {"version": item.version, "idempotency": "j", "comment": "好", "title": "局里改的"}
    bureau.post(f"{url}move/passing", sly)
    item.refresh_from_db()
    assert (item.version, item.title) == (before[0] + 1, "值班制度（修订）"), "the opinion only"

    seen = AuditEntry.objects.filter(action="view", object_id=str(item.pk), model="accounts.item")
    assert {entry.user for entry in seen} == {shelf.bureau}
    assert "查阅" in school.get(url).content.decode()
    assert sign_in(Client(), shelf.sister).get(url).status_code == 404


def test_a_mistake_is_withdrawn_before_it_was_looked_at_and_not_after(shelf: Shelf) -> None:
    entry = shelf.section(None, "制度台账")
    school, bureau = sign_in(Client(), shelf.keeper), sign_in(Client(), shelf.bureau)
    wrong, right = shelf.item(entry, title="传错了"), shelf.item(entry, title="值班制度")
    bureau.post(f"{right.get_absolute_url()}move/passing", {"version": 1, "idempotency": "a"})
    for row, answer in ((wrong, 303), (right, 409)):
        said = {"version": 1, "idempotency": f"b{row.pk}"}
        assert school.post(f"{row.get_absolute_url()}move/withdraw", said).status_code == answer
    wrong.refresh_from_db()
    assert wrong.archived_at
    counted = Year(shelf.tree.school, "2026-2027").degree(shelf.tree.school)
    assert [slot.manual for slot in counted.slots] == [1]
