"""Navigation as data: areas of the rail, pages of the side, tabs of the phone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.shortcuts import resolve_url

from anlan.kernel.registry import Registry

PHONE_TABS = 5


@dataclass(frozen=True)
class Area:
    """A business area of the rail; ``icon`` is a name of the sprite, ``foot`` puts it at the bottom."""

    code: str
    title: str
    icon: str
    order: int = 100
    foot: bool = False


@dataclass(frozen=True)
class Page:
    """A page of an area.

    ``to`` is a path or the name of a URL; a page with a ``permission`` is absent for people who lack it;
    ``badge`` names a count registered with ``frame.register_count``; ``group`` is the heading in the side.
    """

    area: str
    group: str
    title: str
    to: str
    permission: str | None = None
    badge: str | None = None
    order: int = 100

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.to if self.to.startswith("/") else resolve_url(self.to)


@dataclass(frozen=True)
class Tab:
    """One of the five tabs of the phone; ``raised`` is the camera button in the middle."""

    code: str
    title: str
    icon: str
    to: str
    badge: str | None = None
    raised: bool = False
    order: int = 100

    @property
    def url(self) -> str:
        """The address behind the tab."""
        return self.to if self.to.startswith("/") else resolve_url(self.to)


def _faults_of_page(page: Page) -> Iterator[str]:
    if page.area not in areas:
        yield f"area {page.area!r} is not declared"


def _faults_of_tab(tab: Tab) -> Iterator[str]:
    if len(tabs) > PHONE_TABS:
        yield f"{len(tabs)} tabs, the phone has room for {PHONE_TABS}"


areas: Registry[Area] = Registry("area")
pages: Registry[Page] = Registry("page", _faults_of_page)
tabs: Registry[Tab] = Registry("tab", _faults_of_tab)


def add_area(code: str, title: str, icon: str, order: int = 100, foot: bool = False) -> Area:
    """Register a business area; a code declared twice is refused."""
    return areas.add(code, Area(code, title, icon, order, foot))


def add_page(page: Page) -> Page:
    """Register a page of an area; the same address twice is refused."""
    return pages.add(page.to, page)


def add_tab(tab: Tab) -> Tab:
    """Register a tab of the phone; a code declared twice is refused."""
    return tabs.add(tab.code, tab)


def ordered_areas() -> list[Area]:
    """Every area in the order of the rail."""
    return sorted(areas, key=lambda area: area.order)


def ordered_pages() -> list[Page]:
    """Every page in its order."""
    return sorted(pages, key=lambda page: page.order)
