"""Warnings of certificates are one matter on computer and phone (D04.6)."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.engines.messaging.deliveries import Delivery, deliver_due
from anlan.engines.messaging.inbox import unread_count
from anlan.engines.messaging.models import Message
from anlan.engines.registry.api import remind_all
from anlan.engines.tasks.api import badges
from tests.upkeep.test_certificates import TODAY, Place, place

__all__ = ["place"]


@pytest.mark.requirement("D04.6")
def test_a_warning_is_one_matter_on_computer_and_phone(place: Place, settings: Any) -> None:
    desk, hand = place.web(), place.web()
    hand.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) MicroMessenger"
    paper = place.other(place.electric(), TODAY + timedelta(days=3))
    assert not place.safety.phone, "no phone is bound"
    remind_all()
    deliver_due()
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"failed"}, "noted, no error raised"
    for end in (desk, hand):
        assert "其他证照：赵电工" in end.get("/todos/").content.decode()
        assert "其他证照" in end.get("/messages/").content.decode()
    assert (unread_count(place.safety), badges(place.safety).total) == (1, 1)
    message = Message.objects.get(addressee=place.safety)
    assert hand.get(f"/messages/{message.pk}/", follow=True).status_code == 200
    assert unread_count(place.safety) == 0
    url = f"/certificates/other-certificates/{paper.pk}/act/renewing"
    assert hand.post(url, {"number": "D-1", "valid_to": "2033-03-31"}).status_code == 303
    assert "其他证照：赵电工" not in desk.get("/todos/").content.decode()
    assert badges(place.safety).total == 0
