"""Personal data of minors: consent first, masked by default, seen or taken in full with right, reason and trace."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from anlan.domains.dormitory.boarders import Boarder
from anlan.engines.audit.api import AuditEntry
from anlan.kernel import clock
from tests.dormitory.conftest import House
from tests.factories import sign_in

pytestmark = pytest.mark.django_db
URL, FULL = "/dormitory/boarders/", "/dormitory/boarders/export/full"
PHONE = "13800000000"


def typed(house: House, **said: Any) -> dict[str, Any]:
    """The form of one pupil."""
    values = {"name": "张小一", "code": "Z1", "sex": "male", "class_name": "七1班", "guardian": "张大"}
    consent = {"kin": "mother", "consented_on": clock.today().isoformat(), "consent_way": "paper"}
    more = {"org": house.school.pk, "guardian_phone": PHONE, "joined_on": clock.today().isoformat()}
    return {key: value for key, value in (values | consent | more | said).items() if value is not None}


def taken(client: Client, **said: Any) -> str:
    """Everything a full export says."""
    answer = client.post(FULL, said)
    assert answer.status_code == 200
    content = answer.getvalue() if answer.streaming else answer.content
    with zipfile.ZipFile(BytesIO(content)) as book:
        return "".join(book.read(part).decode(errors="ignore") for part in book.namelist())


def trail(action: str) -> list[tuple[bool, str]]:
    """Success and reason of each entry."""
    rows = AuditEntry.objects.filter(action=action).order_by("pk")
    return [(row.succeeded, row.reason) for row in rows]


@pytest.mark.requirement("MLPS.20")
def test_a_minor_is_registered_with_consent_and_shown_in_full_by_right_and_reason_only(house: House) -> None:
    keeper = sign_in(Client(), house.safety)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for fault, words in (
        ({"consented_on": None}, "同意日期"),
        ({"consented_on": tomorrow}, "监护人还没有同意"),
        ({"kin": None}, "与学生关系"),
    ):
        answer = keeper.post(f"{URL}new", typed(house, **fault))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Boarder.unguarded.exists()
    assert keeper.post(f"{URL}new", typed(house)).status_code == 303
    boarder = Boarder.unguarded.get()
    assert (boarder.consented_on, boarder.kin) == (clock.today(), "mother")

    page = boarder.get_absolute_url()
    bureau = sign_in(Client(), house.bureau)
    for client in (keeper, bureau):
        for url in (URL, page, f"/api{URL}"):
            shown = client.get(url).content.decode()
            assert PHONE not in shown, url
            assert "138****0000" in shown, url
    assert bureau.post(f"{page}unmask", {"reason": "联系家长"}).status_code == 403
    assert PHONE in keeper.post(f"{page}unmask", {"reason": "联系家长"}, follow=True).content.decode()
    assert trail("unmask")[-1] == (True, "联系家长")

    assert bureau.post(FULL, {"reason": "核对"}).status_code == 403
    refusals = AuditEntry.objects.filter(action="refused", succeeded=False, user=house.bureau)
    assert [entry.after["permission"] for entry in refusals.order_by("pk")] == [
        "dormitory.boarders.unmask",
        "dormitory.boarders.export",
    ]
    assert keeper.post(FULL, {"reason": " "}).status_code == 422
    assert trail("export")[-1] == (False, "")
    book = taken(keeper, reason="办理保险")
    assert PHONE in book
    assert house.safety.name in book
    assert trail("export")[-1] == (True, "办理保险")
