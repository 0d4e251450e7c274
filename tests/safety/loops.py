"""The cast of the closed loop, walking hazards through it by the service and by the pages."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attach
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.files.making import a_picture
from tests.safety.conftest import County


def photo(name: str = "shot.jpg", colour: str = "red") -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    return SimpleUploadedFile(name, a_picture(colour=colour), "image/jpeg")


def signed_in(user: Any) -> Client:
    """A client of this person."""
    client = Client()
    client.force_login(user)
    return client


class Loop:
    """A bureau, an inspector, two schools; hazards and their way through the loop."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.bureau = county.actor("zhou", "bureau_safety", "county")
        self.inspector = county.actor("lin", "inspector", "county")
        self.school = county.actor("he", "school_safety", "school")
        self.second = county.actor("wu", "school_safety", "second")

    def hazard(self, unit: str = "school", **values: Any) -> Hazard:
        """One reported by the inspector."""
        said = {
            "org": self.county.units[unit],
            "title": "疏散通道堆放课桌椅",
            "category": self.county.category,
        }
        return create(self.inspector, Hazard(**said | values))

    def confirm(self, hazard: Hazard, days: float = 7, grade: str = "large") -> Hazard:
        """Judged, graded and assigned."""
        said = {"grade": grade, "responsible": "何静", "due_at": clock.now() + timedelta(days=days)}
        return perform(self.bureau, hazard, "confirm", said)  # type: ignore[return-value]

    def rectify(self, hazard: Hazard, by: Actor | None = None, measure: str = "已清空") -> Hazard:
        """Handed in with a picture."""
        actor = by or {"school": self.school, "second": self.second}[hazard.org.code]
        attach(actor, hazard, photo(), "after")
        return perform(actor, hazard, "submit", {"measure": measure}, files={"after": 1})  # type: ignore[return-value]

    def to_recheck(self, hazard: Hazard) -> Hazard:
        """Handed in and approved."""
        self.rectify(hazard)
        return perform(self.bureau, hazard, "approve")  # type: ignore[return-value]

    def close(self, hazard: Hazard) -> Hazard:
        """The rest of the way."""
        self.to_recheck(hazard)
        perform(self.inspector, hazard, "pass_recheck")
        return perform(self.bureau, hazard, "strike_off")  # type: ignore[return-value]


def listed(user: Any, path: str, query: str = "") -> list[str]:
    """Numbers of the hazards a list shows, in its order, by the API of the ledger."""
    answer = signed_in(user).get(f"/api{path}?size=100&{query}")
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]
