"""Certificates of the guards of demo schools; most have no end."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.guards.cards import Card
from anlan.engines.audit.api import create_all


@demo_step("guards.cards", "保安员证", order=40)
def load_cards(world: World) -> None:
    """A certificate for most guard captains."""
    cards = []
    for number, school in enumerate(world.schools[:60]):
        for person in world.staff.get(school.org_id, []):
            if person.duty == "保安队长" and number % 12 != 11:
                issued = world.today - timedelta(days=world.rng.randint(100, 2500))
                card = Card(org=school.org, person=person, number=f"3505{number:08d}", issued_on=issued)
                card.issuer = "县公安局"
                cards.append(card)
    create_all(LOADER, cards)
