"""Areas, pages and tabs as the frame shows them."""

from dataclasses import dataclass

from anlan.shell.providers import Badge


@dataclass(frozen=True)
class Place:
    """A page as the navigation shows it."""

    title: str
    url: str
    current: bool
    badge: Badge


@dataclass(frozen=True)
class Group:
    """Pages of the side under one heading; ``folded`` shows the heading alone until it is opened."""

    title: str
    places: tuple[Place, ...]
    folded: bool = False

    @property
    def current(self) -> bool:
        """Whether the page looked at is among them."""
        return any(place.current for place in self.places)


@dataclass(frozen=True)
class Spot:
    """An area of the rail (with its overdue work) or a tab of the phone (with its open work) as shown."""

    title: str
    icon: str
    url: str
    current: bool
    late: int = 0
    open: int = 0
    raised: bool = False
    foot: bool = False
