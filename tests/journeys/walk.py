"""A journey handed from person to person: one browser, two screens, every page shown kept and checked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import Accessibility

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Walk:
    """One browser handed from person to person; every page shown to ``look`` is checked and kept."""

    page: Page
    base: str
    enter: Callable[[Any], None]
    axe: Accessibility
    shot: Callable[[Page, str], None]

    def as_(self, user: Any, size: dict[str, int], path: str) -> Page:
        """The person opens a page on a screen of this size."""
        self.enter(user)
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        self.page.goto(self.base + path)
        return self.page

    def look(self, name: str) -> None:
        """Accessible, not wider than the screen, kept as a picture."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        self.shot(self.page, name)
        assert not wide, f"{name} scrolls sideways"
        self.axe(self.page)

    def from_todos(self, user: Any, size: dict[str, int], title: str, verb: str) -> Page:
        """The person takes a matter from the own to-do list."""
        self.as_(user, size, "/todos/")
        item = self.page.locator("li.al-queue__item", has_text=title)
        expect(item).to_be_visible()
        if size is DESK:  # on a phone the whole row is the button
            expect(item.get_by_role("link", name=f"{verb}：")).to_be_visible()
        self.look(f"todo-{verb}")
        item.get_by_role("link", name=title).first.click()
        self.page.wait_for_url(lambda url: not url.endswith("/todos/"))
        return self.page
