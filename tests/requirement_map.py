"""Pytest plugin: which entries of ``docs/requirements`` are shown by passing tests.

``--requirements`` prints the table and writes ``var/requirements.json``. An unknown id is always an error.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = {path.stem: path for path in sorted((ROOT / "docs" / "requirements").glob("*.yaml"))}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def catalogues() -> dict[str, list[str]]:
    """Ids of every catalogue, in the order of the file."""
    return {
        name: [entry["id"] for entry in yaml.load(path.read_text(encoding="utf-8"), Loader)]
        for name, path in CATALOGUES.items()
    }


def claims(item: pytest.Item) -> list[str]:
    """Ids that a test claims to show."""
    return [str(name) for mark in item.iter_markers("requirement") for name in mark.args]


class RequirementMap:
    """Collects claims and outcomes of one run; with xdist it lives in the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.known = catalogues()
        self.ids = {name for names in self.known.values() for name in names}
        self.outcomes: dict[str, dict[str, bool]] = defaultdict(dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse a claim on an id that no catalogue holds."""
        for item in items:
            if unknown := [name for name in claims(item) if name not in self.ids]:
                raise pytest.UsageError(f"{item.nodeid} claims unknown requirements: {', '.join(unknown)}")
            if names := claims(item):
                item.user_properties.append(("requirement", names))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test shows its ids only if every phase of it passed and it really ran."""
        if report.when == "setup" and report.passed:
            return
        for key, names in report.user_properties:
            if key == "requirement":
                for name in names:
                    held = self.outcomes[name].get(report.nodeid, True)
                    self.outcomes[name][report.nodeid] = held and report.passed

    def shown(self, name: str) -> bool:
        """Whether an id has tests and all of them passed."""
        return bool(self.outcomes.get(name)) and all(self.outcomes[name].values())

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print one line per catalogue, then the ids shown and the ids whose tests fail."""
        if not self.config.getoption("--requirements"):
            return
        write = terminalreporter.write_line
        terminalreporter.section("requirements")
        table = {}
        for catalogue, names in self.known.items():
            good = [name for name in names if self.shown(name)]
            bad = [name for name in names if self.outcomes.get(name) and not self.shown(name)]
            table[catalogue] = {"entries": len(names), "shown": good, "failing": bad}
            write(f"{catalogue:<36} {len(good):>4} of {len(names):>4} shown  {len(good) / len(names):>6.1%}")
            write(f"    shown:   {' '.join(good) or '-'}")
            write(f"    failing: {' '.join(bad) or '-'}")
        tests = {name: sorted(found) for name, found in sorted(self.outcomes.items())}
        target = Path(self.config.getoption("--requirements-file"))
        target.parent.mkdir(exist_ok=True)
        text = json.dumps({"catalogues": table, "tests": tests}, ensure_ascii=False, indent=1)
        target.write_text(text + "\n", encoding="utf-8")
        write(f"written to {target}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="print which requirements have tests")
    parser.addoption("--requirements-file", default="var/requirements.json", help="where the map goes")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RequirementMap(config), "requirement-map-state")
