"""People of a safety team, linked to schools."""

from typing import Any

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.base.teams import TeamMember
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from tests.safety.patrols import Patrol


def member(patrol: Patrol, name: str, phone: str, *units: str, **switches: Any) -> TeamMember:
    """Somebody of the safety team with an account, linked to the schools of these units."""
    actor = patrol.county.actor(name, "inspector", "county")
    actor.user.grants.all().delete()
    county = patrol.county.units["county"]
    person = create(SYSTEM, Person(org=county, name=name, phone=phone, account=actor.user))
    joined = create(SYSTEM, TeamMember(org=county, person=person, **switches))
    return change(SYSTEM, joined, {"schools": [school_at(patrol, unit) for unit in units]})


def school_at(patrol: Patrol, unit: str) -> School:
    """The profile of a school unit."""
    where = patrol.county.units[unit]
    found = School.objects.unscoped().filter(org=where).first()
    return found or create(
        SYSTEM, School(org=where, name=unit, kind="primary", nature_id="school_nature.public", pupils=400,
                       code=f"2135{where.pk % 10**6:06d}"),
    )  # fmt: skip


def account(joined: TeamMember) -> Actor:
    """The member as an actor, rights read anew."""
    return Actor.person(type(joined.person.account).objects.get(pk=joined.person.account_id), "web")
