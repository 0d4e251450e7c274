"""What a person does on the field pages of a phone, for journeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import Faults

HOME = "/safety/field/"


class Field:
    """One phone: open the field pages, answer, sign, lose the network, come back."""

    def __init__(self, page: Page, context: BrowserContext, base: str, faults: Faults) -> None:
        self.page, self.context, self.base, self.faults = page, context, base, faults

    def open(self, width: int = 360) -> Page:
        """The pages, held by the service worker so that they open without a network."""
        self.page.set_viewport_size({"width": width, "height": 780})
        self.page.goto(self.base + HOME)
        self.page.evaluate("navigator.serviceWorker.ready")
        self.page.reload()
        expect(self.page.get_by_role("button", name="同步")).to_be_visible()
        return self.synced()

    def synced(self) -> Page:
        """The first synchronisation is over."""
        expect(self.page.locator("#field[data-synced]")).to_be_attached(timeout=20_000)
        return self.page

    def until(self, expression: str) -> None:
        """Wait for something the script knows; the policy forbids waiting for it in the page."""
        for _ in range(60):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(250)
        pytest.fail(f"{expression} never came true")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """No network meanwhile; what the browser says about it is no fault."""
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self.forgive("ERR_INTERNET_DISCONNECTED")

    def forgive(self, *parts: str) -> None:
        """Faults the test provoked."""
        self.faults.found = [one for one in self.faults.found if not any(part in one for part in parts)]

    def reopen(self) -> Page:
        """The tab is killed, and opened anew."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.set_viewport_size({"width": 360, "height": 780})
        self.page.goto(self.base + HOME)
        expect(self.page.get_by_role("button", name="同步")).to_be_visible()
        return self.page

    def sheet(self, school: str) -> Page:
        """Open the sheet of a task."""
        self.page.goto(self.base + HOME + "#/")
        self.page.get_by_role("link", name=school).first.click()
        expect(self.page.get_by_role("heading", level=1, name=school)).to_be_visible()
        return self.page

    def card(self, number: int) -> Locator:
        """The card of a question."""
        return self.page.locator(".al-item").nth(number - 1)

    def answer(self, number: int, word: str, note: str = "") -> None:
        """Tap one of the big choices; say what is wrong."""
        self.card(number).get_by_role("radio", name=word, exact=True).check()
        if note:
            box = self.card(number).get_by_label("哪里不合格")
            box.fill(note)
            box.blur()

    def shoot(self, picture: Path, where: Locator | None = None) -> None:
        """Take a picture."""
        (where or self.page).get_by_label("拍照").last.set_input_files(picture)
        expect((where or self.page).get_by_text("待上传").last).to_be_visible()

    def hand_in(self) -> None:
        """Sign and send."""
        self.page.get_by_role("button", name="签字提交").click()
        expect(self.page.get_by_role("heading", level=1, name="现场工作")).to_be_visible()

    def fits(self) -> None:
        """No sideways scrolling."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{self.page.url} scrolls sideways"

    def settled(self, count: int = 1) -> None:
        """Everything that waited has come in."""
        expect(self.page.locator(".al-chip", has_text="已上传")).to_have_count(count, timeout=40_000)

    def rows(self) -> Any:
        """How many sealed rows the phone keeps, by kind."""
        return self.page.evaluate(
            """async () => {
              const count = {}
              for (const kind of ['task', 'sheet', 'errand', 'file'])
                count[kind] = (await Field.store.ids(kind)).length
              return count
            }"""
        )
