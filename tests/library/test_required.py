"""Required reading: everybody's desk, receipts, urging, and numbers that open their lists."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.library.api import Receipt, Required
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import a_user
from tests.library.conftest import Stacks, web


@pytest.fixture
def required(stacks: Stacks) -> Required:
    """The county has the heads and safety officers of a township's schools read a document."""
    document = stacks.document("防汛要求", "<p>备足沙袋</p>")
    stacks.head = Actor.person(a_user("school_head", stacks.tree.school), "web")  # type: ignore[attr-defined]
    said: dict[str, Any] = {
        "org": stacks.tree.county.pk,
        "document": document.pk,
        "units": [stacks.tree.township.pk],
        "roles": ["school_safety", "school_head"],
        "due_on": (clock.today() + timedelta(days=3)).isoformat(),
        "note": "逐条落实",
    }
    page = web(stacks.bureau)
    assert page.post("/library/required/new", said).status_code in (302, 303)
    return Required.unguarded.get()


def test_what_is_required_is_on_every_desk_until_it_is_confirmed(stacks: Stacks, required: Required) -> None:
    page, url = web(stacks.bureau), required.get_absolute_url()
    assert page.post(f"{url}act/issue").status_code in (302, 303)
    assert page.post(f"{url}act/issue").status_code == 409
    assert Receipt.unguarded.count() == 3  # head and officer of one school, officer of the other
    [todo] = todos_for(stacks.keeper.user).filter(kind="library.receipts")
    assert todo.title == "阅读：防汛要求"
    assert messages_for(stacks.keeper.user).filter(title="必读：防汛要求").exists()

    reader = web(stacks.keeper)
    shown = reader.get(todo.url).content.decode()
    assert "备足沙袋" in shown
    assert "确认已读" in shown
    mine = Receipt.unguarded.get(reader=stacks.keeper.user)
    foreign = Receipt.unguarded.get(reader=stacks.stranger.user)
    assert reader.get(foreign.get_absolute_url()).status_code == 404
    assert reader.post(f"{mine.get_absolute_url()}act/confirm").status_code in (302, 303)
    assert reader.post(f"{mine.get_absolute_url()}act/confirm").status_code == 409
    assert not todos_for(stacks.keeper.user).filter(kind="library.receipts").exists()
    # Nobody confirms for somebody else, the bureau included.
    assert page.post(f"{foreign.get_absolute_url()}act/confirm").status_code == 403

    shown = page.get(url).content.decode()
    assert f'<a href="/library/receipts/?required={required.pk}">3</a>' in shown
    assert f'<a href="/library/receipts/?required={required.pk}&amp;done=0">2</a>' in shown
    listed = page.get(f"/library/receipts/?required={required.pk}&done=0").content.decode()
    assert "共 2 条" in listed
    assert page.post(f"{url}act/urge").status_code in (302, 303)
    assert page.post(f"{url}act/urge").status_code == 409  # not twice within half an hour
    assert not messages_for(stacks.keeper.user).filter(title__startswith="催办").exists()
    assert messages_for(stacks.stranger.user).filter(title__startswith="催办").exists()
    assert page.post(f"{url}act/end").status_code in (302, 303)
    assert not todos_for(stacks.stranger.user).filter(kind="library.receipts").exists()


def test_who_confirms_after_the_day_is_late(stacks: Stacks, required: Required) -> None:
    page, url = web(stacks.bureau), required.get_absolute_url()
    page.post(f"{url}act/issue")
    mine = Receipt.unguarded.get(reader=stacks.keeper.user)
    beyond = datetime.combine(required.due_on + timedelta(days=1), time(0, 1), clock.zone())
    with clock.moved(beyond):
        assert web(stacks.keeper).post(f"{mine.get_absolute_url()}act/confirm").status_code in (302, 303)
        assert (
            f'<a href="/library/receipts/?required={required.pk}&amp;behind=1">3</a>'
            in web(stacks.bureau).get(url).content.decode()
        )
    mine.refresh_from_db()
    assert mine.late


def test_a_school_asks_only_its_own_people(stacks: Stacks, required: Required) -> None:
    own = stacks.document("本校制度", "<p>字</p>", org=stacks.tree.school, by=stacks.keeper)
    page = web(stacks.keeper)
    said = {
        "org": stacks.tree.school.pk,
        "document": own.pk,
        "roles": ["school_head"],
        "due_on": clock.today().isoformat(),
    }
    assert (
        page.post("/library/required/new", {**said, "units": [stacks.tree.sister_school.pk]}).status_code
        == 422
    )
    assert page.post("/library/required/new", {**said, "units": [stacks.tree.school.pk]}).status_code in (
        302,
        303,
    )
    made = Required.unguarded.get(document=own)
    assert page.post(f"{made.get_absolute_url()}act/issue").status_code in (302, 303)
    assert list(made.receipts.values_list("reader", flat=True)) == [stacks.head.user.pk]  # type: ignore[attr-defined]
    assert page.post(f"{required.get_absolute_url()}act/issue").status_code in (403, 404)
