"""Pytest plugin: which tests run, in which order, and which skips are faults."""

import os
from collections.abc import Iterator

import pytest

CI = os.environ.get("CI", "") not in ("", "0", "false")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backwards", action="store_true", help="run the tests in reverse order")
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, and only those")


def pytest_itemcollected(item: pytest.Item) -> None:
    """What asks for a page of a browser is the browser's, before anything is chosen by mark."""
    if "page" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


def opens_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database, by mark or by fixture."""
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or any(item.get_closest_marker(mark) for mark in ("django_db", "postgres"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other database or to ``make soak``, and on PostgreSQL what opens no database
    and so cannot differ; turn the order round if asked. Long tests begin first, so that no worker waits for one.
    """
    database = "sqlite" if os.environ.get("ANLAN_DATABASE", "sqlite").startswith("sqlite") else "postgres"
    other = {"sqlite": "postgres", "postgres": "sqlite"}[database]
    chosen = [
        item
        for item in items
        if not item.get_closest_marker(other)
        and (database == "sqlite" or opens_database(item))
        and bool(item.get_closest_marker("slow")) == config.getoption("--slow")
    ]
    left = [item for item in items if item not in set(chosen)]
    if left:
        config.hook.pytest_deselected(items=left)
    if config.getoption("--backwards"):
        chosen.reverse()
    items[:] = sorted(chosen, key=lambda item: not item.get_closest_marker("long"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI nothing may be passed over in silence: a skipped browser or database test is a failure."""
    report = yield
    guarded = item.get_closest_marker("browser") or item.get_closest_marker("postgres")
    if CI and guarded and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
