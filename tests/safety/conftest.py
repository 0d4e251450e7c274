"""A small county: a bureau, a neighbour, two towns, three schools and their people."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, Kind, OrgUnit, Role
from anlan.engines.registry.api import RiskCategory
from tests.browser import Faults
from tests.safety import specials
from tests.safety.fieldwork import Field


@dataclass
class County:
    """Units by short name, and a way to make people."""

    units: dict[str, OrgUnit]
    category: RiskCategory

    def person(self, username: str, role: str, unit: str, name: str = "") -> Any:
        """An account holding ``role`` at ``unit``."""
        where = self.units[unit]
        user = User.objects.create_user(
            username, None, name=name or username, unit=where, must_change_password=False
        )
        Grant.objects.create(user=user, role=Role.objects.get(code=role), unit=where)
        return user

    def actor(self, username: str, role: str, unit: str) -> Actor:
        """The same as an actor on the web."""
        return Actor.person(self.person(username, role, unit), "web")


TREE = [
    ("province", Kind.PROVINCE, ""),
    ("city", Kind.CITY, "province"),
    ("county", Kind.COUNTY, "city"),
    ("neighbour", Kind.COUNTY, "city"),
    ("town", Kind.TOWNSHIP, "county"),
    ("other_town", Kind.TOWNSHIP, "county"),
    ("school", Kind.SCHOOL, "town"),
    ("second", Kind.SCHOOL, "other_town"),
    ("foreign", Kind.SCHOOL, "neighbour"),
]


@pytest.fixture
def county(db: None) -> County:
    """The tree and one risk category laid down by the county."""
    units: dict[str, OrgUnit] = {}
    for code, kind, parent in TREE:
        unit = OrgUnit(code=code, name=code, kind=kind, parent=units.get(parent))
        unit.full_clean()
        unit.save()
        units[code] = unit
    category = RiskCategory.unguarded.create(org=units["county"], code="fire", title="消防安全")
    return County(units, category)


@pytest.fixture
def cast(county: County) -> Any:
    """The people of a special check."""
    return specials.Cast(county)


@pytest.fixture
def a_hazard(county: County) -> Callable[..., Hazard]:
    """Make a hazard at the school, unsaved."""

    def make(**values: Any) -> Hazard:
        defaults = {"org": county.units["school"], "title": "疏散通道堆放课桌椅", "category": county.category}
        return Hazard(**defaults | values)

    return make


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path / "hydrant.jpg"
    Image.effect_noise((1200, 900), 40).convert("RGB").save(path, "JPEG")
    return path


@pytest.fixture
def field(phone: Page, context: BrowserContext, live_server: Any, faults: Faults) -> Field:
    """The phone."""
    return Field(phone, context, live_server.url, faults)
