"""Topics and types a site begins with (D05.2)."""

from pathlib import Path

import yaml

from anlan.engines.library.api import DocumentKind, Topic
from anlan.engines.org.api import OrgUnit, SiteBegun
from anlan.kernel import events

SEED = Path(__file__).parent / "seeds" / "shelves.yaml"


@events.on(SiteBegun)
def begin(event: SiteBegun) -> None:
    """A new site begins with them at its topmost unit."""
    lay_down(event.unit)


def lay_down(unit: OrgUnit) -> None:
    """The types and topics at a unit, usually the top one; those there already are left alone."""
    seed = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    for position, (code, title) in enumerate(seed["kinds"].items(), 1):
        DocumentKind.unguarded.get_or_create(
            org=unit, title=title, defaults={"code": code, "position": position}
        )
    for position, title in enumerate(seed["topics"], 1):
        Topic.unguarded.get_or_create(org=unit, title=title, parent=None, defaults={"position": position})
