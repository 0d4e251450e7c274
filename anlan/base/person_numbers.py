"""The numbers of the modules' lists about one person, and about all people of a unit (X.23)."""

from collections import Counter, defaultdict
from typing import Any

from anlan.base.people import Person
from anlan.base.person_lists import PARTS, PersonList, person_lists
from anlan.engines.org.api import OrgUnit, scope


def seen_by(user: Any) -> list[PersonList]:
    """Those lists the person may open."""
    return [one for one in person_lists if scope(user, one.right())]


def numbers_about(user: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    """By words of the part: title, number and address of each list that says something about the person."""
    found = defaultdict(list)
    for one in seen_by(user):
        if count := one.count(user, person):
            found[one.part].append({"title": one.title(), "count": count, "url": one.url(person)})
    return {words: found[part] for part, words in PARTS.items() if part in found}


def numbers_at(user: Any, unit: OrgUnit) -> dict[str, Counter[int]]:
    """By part: how many rows name each person of the unit; a statement a list, whatever the number of people."""
    found: dict[str, Counter[int]] = {part: Counter() for part in PARTS}
    for one in seen_by(user):
        found[one.part].update(one.people(user, unit))
    return found
