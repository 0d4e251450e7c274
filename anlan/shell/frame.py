"""What surrounds every page: navigation allowed to this person, the current place, badges, the account.

The shell imports no engine. Engines register what it needs in their ``AppConfig.ready()``:
``register_provider("may", ...)``, ``register_provider("account", ...)``, ``register_count(...)``,
``register_link(...)``.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest

from anlan.shell import navigation
from anlan.shell.places import Group, Place, Spot
from anlan.shell.providers import (
    Account,
    Badge,
    Identity,
    Link,
    Sitting,
    counts,
    links,
    may,
    providers,
    register_count,
    register_link,
    register_provider,
)

__all__ = [
    "Account",
    "Badge",
    "Frame",
    "Identity",
    "Link",
    "Sitting",
    "context",
    "may",
    "register_count",
    "register_link",
    "register_provider",
]

A_SCREEN = 24  # pages of an area that fit beside the content of a desk


@dataclass
class Frame:
    """The frame of one request; everything is computed when the template first asks for it."""

    request: HttpRequest
    _counted: dict[str, Badge] = field(default_factory=dict)

    title = "安澜"

    @cached_property
    def unit(self) -> str:
        """Name of the authority or school this site serves."""
        return str(getattr(settings, "SITE_TITLE", ""))

    @cached_property
    def phone(self) -> str:
        """Telephone number of support, at the same place on every public page."""
        return str(getattr(settings, "SITE_PHONE", ""))

    @cached_property
    def layout(self) -> str:
        """The page error pages stand in: the office frame for the signed-in."""
        return "frame.html" if self.account else "public.html"

    @cached_property
    def account(self) -> Account | None:
        """The signed-in person, or None."""
        provider = providers.get("account")
        return provider(self.request) if provider else None

    @cached_property
    def mark(self) -> str:
        """Words every page carries beside the unit, such as 演示数据; mostly none."""
        provider = providers.get("mark")
        return str(provider(self.request)) if provider else ""

    @cached_property
    def idle(self) -> Sitting | None:
        """When this person's session ends by itself; None for strangers."""
        provider = providers.get("idle")
        return provider(self.request) if provider and self.account else None

    @cached_property
    def unread(self) -> int:
        """Unread messages."""
        provider = providers.get("unread")
        return int(provider(self.request)) if provider and self.account else 0

    @cached_property
    def links(self) -> dict[str, Link]:
        """Fixed addresses by code."""
        return {link.code: link for link in links}

    @cached_property
    def _visible(self) -> list[navigation.Page]:
        return [page for page in navigation.ordered_pages() if may(self.request, page.permission)]

    @cached_property
    def here(self) -> navigation.Page | None:
        """The page of the navigation this request belongs to: the longest address that begins its path."""
        path = self.request.path
        fitting = [page for page in self._visible if path.startswith(page.url)]
        exact_home = [page for page in fitting if page.url != "/" or path == "/"]
        return max(exact_home, key=lambda page: len(page.url), default=None)

    @cached_property
    def rail(self) -> list[Spot]:
        """Areas with at least one page for this person."""
        return [spot for area in navigation.ordered_areas() if (spot := self._spot(area))]

    @cached_property
    def side(self) -> list[Group]:
        """Pages of the current area in groups; empty when the area has a single page.

        Of more pages than a screen holds only the group of the present page stands open.
        """
        if not self.here:
            return []
        mine = [page for page in self._visible if page.area == self.here.area]
        if len(mine) < 2:
            return []
        grouped = groupby(self._by_group(mine), key=lambda page: page.group)
        groups = [Group(title, tuple(self._place(page) for page in pages)) for title, pages in grouped]
        return groups if len(mine) <= A_SCREEN else [replace(one, folded=not one.current) for one in groups]

    @cached_property
    def menu(self) -> list[Group]:
        """Every page this person may use, by area: what rail and side offer, for the home page of the phone."""
        return [
            Group(area.title, tuple(self._place(page) for page in self._visible if page.area == area.code))
            for area in navigation.ordered_areas()
            if any(page.area == area.code for page in self._visible)
        ]

    @cached_property
    def area(self) -> navigation.Area | None:
        """The current area."""
        return navigation.areas.get(self.here.area) if self.here else None

    @cached_property
    def tabs(self) -> list[Spot]:
        """Tabs of the phone."""
        shown = sorted(navigation.tabs, key=lambda tab: tab.order)
        current = max((t.url for t in shown if self._under(t.url)), key=len, default="")
        return [
            Spot(
                tab.title,
                tab.icon,
                tab.url,
                tab.url == current,
                open=self.count(tab.badge).open,
                raised=tab.raised,
            )
            for tab in shown
        ]

    def count(self, code: str | None) -> Badge:
        """The count with this code, asked once per request; nothing for an unknown code."""
        provider = counts.get(code) if code else None
        if provider is None or code is None or self.account is None:
            return Badge()
        if code not in self._counted:
            self._counted[code] = provider(self.request)
        return self._counted[code]

    def _under(self, url: str) -> bool:
        return self.request.path == url if url == "/" else self.request.path.startswith(url)

    def _by_group(self, mine: list[navigation.Page]) -> list[navigation.Page]:
        first = list(dict.fromkeys(page.group for page in mine))
        return sorted(mine, key=lambda page: first.index(page.group))

    def _place(self, page: navigation.Page) -> Place:
        return Place(page.title, page.url, page is self.here, self.count(page.badge))

    def _spot(self, area: navigation.Area) -> Spot | None:
        mine = [page for page in self._visible if page.area == area.code]
        if not mine:
            return None
        late = sum(self.count(code).late for code in {page.badge for page in mine})
        current = self.here is not None and self.here.area == area.code
        return Spot(area.title, area.icon, mine[0].url, current, late, foot=area.foot)


def context(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: the frame, computed only as far as the template asks."""
    return {"frame": Frame(request)}
