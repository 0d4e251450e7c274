"""What a journey through the browser needs: Chromium, watching for faults, accessibility, pictures."""

import os
import shutil
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

ARTIFACTS = Path(__file__).resolve().parents[1] / "var" / "artifacts"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STANDARDS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],  # of all else axe then names one element only
}


def chromium() -> str | None:
    """Path of the system's Chromium, or of the one named by ``ANLAN_CHROMIUM``."""
    named = os.environ.get("ANLAN_CHROMIUM")
    return named or next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Faults:
    """Console errors, exceptions, refused resources and policy violations of every page of a context."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"exception: {error.error}"))
        context.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _failed(self, url: str, reason: str | None) -> None:
        if reason != "net::ERR_ABORTED":
            self.found.append(f"request: {url} {reason}")

    def expect(self, part: str) -> None:
        """Take away the faults that a test provokes on purpose; there must be at least one."""
        expected = [fault for fault in self.found if part in fault]
        assert expected, f"no fault with {part!r} in {self.found}"
        self.found = [fault for fault in self.found if fault not in expected]


class Accessibility:
    """Runs axe on a page and states what it found in words."""

    def __init__(self) -> None:
        self.axe = Axe()

    def faults(self, page: Page, **options: Any) -> list[str]:
        """Violations as ``rule: help (element)``."""
        found = self.axe.run(page, options={**STANDARDS, **options}).response["violations"]
        return [f"{v['id']}: {v['help']} ({n['html'][:160]})" for v in found for n in v["nodes"]]

    def __call__(self, page: Page, **options: Any) -> None:
        """Fail with the list of violations, if there are any."""
        found = self.faults(page, **options)
        assert not found, "\n".join([page.url, *found])


def picture(page: Page, name: str) -> Path:
    """Keep a picture of the whole page under ``var/artifacts`` and return its path."""
    path = ARTIFACTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
