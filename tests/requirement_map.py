"""Pytest plugin: which entries of ``docs/requirements`` are shown by passing tests.

``--requirements`` prints how many per catalogue and module, and writes ``var/requirements.json`` and a map to read,
``var/requirements.md``. With ``--collect-only`` nothing runs and the map tells what is claimed. An unknown id is
always an error.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = {path.stem: path for path in sorted((ROOT / "docs" / "requirements").glob("*.yaml"))}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MARKS = {"shown": "✔", "failing": "✘", "claimed": "…", "open": " "}


@dataclass(frozen=True)
class Entry:
    """An entry of a catalogue."""

    id: str
    title: str
    module: str


def catalogues() -> dict[str, list[Entry]]:
    """Entries of every catalogue, in the order of the file."""
    return {
        name: [
            Entry(said["id"], str(said.get("zh") or ""), str(said.get("module") or "-"))
            for said in yaml.load(path.read_text(encoding="utf-8"), Loader)
        ]
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
        self.ids = {entry.id for entries in self.known.values() for entry in entries}
        self.outcomes: dict[str, dict[str, bool]] = defaultdict(dict)
        self.claimed: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse a claim on an id that no catalogue holds."""
        for item in items:
            names = claims(item)
            if unknown := [name for name in names if name not in self.ids]:
                raise pytest.UsageError(f"{item.nodeid} claims unknown requirements: {', '.join(unknown)}")
            for name in names:
                self.claimed[name].add(item.nodeid)
            if names:
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

    def state(self, name: str) -> str:
        """``shown`` when every test of the id ran and passed; ``claimed`` when none has run."""
        outcomes = self.outcomes.get(name)
        if not outcomes:
            return "claimed" if self.claimed.get(name) else "open"
        return "shown" if all(outcomes.values()) else "failing"

    def tests(self, name: str) -> list[str]:
        """The tests of an id, cases of the same test as one."""
        return sorted(
            {node.split("[")[0] for node in (self.claimed.get(name) or self.outcomes.get(name, {}))}
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print one line per catalogue and module, then the ids whose tests fail; write both maps."""
        if not self.config.getoption("--requirements"):
            return
        write = terminalreporter.write_line
        terminalreporter.section("requirements")
        for catalogue, entries in self.known.items():
            write(counted(catalogue, [self.state(entry.id) for entry in entries]))
            for module in sorted({entry.module for entry in entries}):
                found = [self.state(entry.id) for entry in entries if entry.module == module]
                if set(found) != {"open"}:
                    write(counted(f"    {module}", found))
        states = {name: self.state(name) for name in self.ids}
        failing = sorted(name for name, state in states.items() if state == "failing")
        write(f"failing: {' '.join(failing) or '-'}")
        target = Path(self.config.getoption("--requirements-file"))
        target.parent.mkdir(exist_ok=True)
        target.write_text(self.as_json() + "\n", encoding="utf-8")
        target.with_suffix(".md").write_text(self.as_page(), encoding="utf-8")
        write(f"written to {target} and {target.with_suffix('.md')}")

    def as_json(self) -> str:
        """The map for programs."""
        table = {
            catalogue: {
                entry.id: {
                    "title": entry.title,
                    "module": entry.module,
                    "state": self.state(entry.id),
                    "tests": self.tests(entry.id),
                }
                for entry in entries
            }
            for catalogue, entries in self.known.items()
        }
        return json.dumps(table, ensure_ascii=False, indent=1)

    def as_page(self) -> str:
        """The map to read: every entry with its title, state and tests."""
        lines = ["# Which requirements the tests show", ""]
        for catalogue, entries in self.known.items():
            lines += [f"## {counted(catalogue, [self.state(entry.id) for entry in entries])}", ""]
            lines += ["| | id | title | module | tests |", "|---|---|---|---|---|"]
            for entry in entries:
                tests = "<br>".join(f"`{node}`" for node in self.tests(entry.id))
                mark = MARKS[self.state(entry.id)]
                lines.append(f"| {mark} | {entry.id} | {entry.title} | {entry.module} | {tests} |")
            lines.append("")
        return "\n".join(lines)


def counted(words: str, states: list[str]) -> str:
    """A line with the numbers of entries shown, failing and claimed without having run."""
    number = Counter(states)
    more = "".join(f", {number[state]} {state}" for state in ("failing", "claimed") if number[state])
    share = number["shown"] / len(states)
    return f"{words:<36} {number['shown']:>4} of {len(states):>4} shown  {share:>6.1%}{more}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="print which requirements have tests")
    parser.addoption("--requirements-file", default="var/requirements.json", help="where the map goes")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RequirementMap(config), "requirement-map-state")
