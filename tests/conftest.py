"""Fixtures for journeys through the browser; database and settings come from plugins."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import ARGUMENTS, Accessibility, Faults, chromium, picture
from tests.journeys.walk import Walk
from tests.pristine import Pristine
from tests.schema import place, render_alone

PATIENCE = 15_000  # milliseconds, on a machine that has other work as well


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> bool:
    """On SQLite: start from the schema that an earlier run has migrated."""
    render_alone()
    if connection.vendor != "sqlite":
        return False
    with django_db_blocker.unblock():
        place(Path(connection.creation._get_test_db_name()))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the clean-up between tests delete audit entries, which the database's triggers otherwise refuse."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_permit")
            cursor.execute("INSERT INTO audit_permit (until) VALUES ('9999-12-31 00:00:00')")
        pristine = Pristine()
    TransactionTestCase._fixture_teardown = lambda case: pristine.restore()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium; without one the test is skipped (and fails in CI)."""
    expect.set_options(timeout=PATIENCE)
    if not (path := chromium()):
        pytest.skip("no Chromium on this machine: run `make browser`, or set ANLAN_CHROMIUM")
    return {"executable_path": path, "args": ARGUMENTS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A county office's screen."""
    return {
        "viewport": {"width": 1440, "height": 900},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def faults(context: BrowserContext) -> Iterator[Faults]:
    """What went wrong in the browser; anything not expected by the test fails it."""
    faults = Faults(context)
    yield faults
    assert not faults.found, "\n".join(faults.found)


@pytest.fixture
def page(context: BrowserContext, faults: Faults) -> Page:
    """A watched page."""
    return context.new_page()


@pytest.fixture
def phone(page: Page) -> Page:
    """The same page on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.fixture(scope="session")
def axe() -> Accessibility:
    """Accessibility of a page: ``axe(page)`` fails with the violations."""
    return Accessibility()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep a picture under ``var/artifacts`` next to the test's name."""
    return lambda page, name: picture(page, f"{request.node.name}-{name}")


@pytest.fixture
def enter(context: BrowserContext, live_server: Any) -> Callable[[Any], None]:
    """Sign a user in without the sign-in page: ``enter(user)``."""

    def sign_in(user: Any) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def walk(page: Page, live_server: Any, enter: Any, axe: Accessibility, shot: Any) -> Walk:
    """The browser of a journey that people hand to each other."""
    return Walk(page, live_server.url, enter, axe, shot)
