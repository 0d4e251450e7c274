"""Steps of the demo load; a domain declares its own with :func:`demo_step`, in order of declaration."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from anlan.base.derived_grants import LOADING
from anlan.base.people import Person
from anlan.base.schools import School
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry

LOADER = Actor(name="演示数据", channel=LOADING)


@dataclass
class World:
    """What earlier steps made, for later ones.

    ``units`` by key (province, city, county, neighbour, police, fire, health, university), towns by name.
    ``schools`` of the county in order, ``others`` next door and the city's own.
    ``people`` and ``accounts`` by account name, ``staff`` people by their unit's pk.
    ``rng`` is seeded: use no other source of chance.
    """

    rng: Random
    today: date
    units: dict[str, OrgUnit] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)
    others: list[School] = field(default_factory=list)
    accounts: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    staff: dict[int, list[Person]] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoStep:
    """One step with the words the progress bar shows."""

    title: str
    run: Callable[[World], None]
    order: int = 0


demo_steps: Registry[DemoStep] = Registry("demo step")


def demo_step(
    code: str, title: str, order: int = 0
) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """Decorator: the function is a step of the demo load; it writes in bulk, with ``LOADER`` as actor.

    Steps run by ``order``, those of one order as declared; base has 0.
    """

    def register(run: Callable[[World], None]) -> Callable[[World], None]:
        demo_steps.add(code, DemoStep(title, run, order))
        return run

    return register
