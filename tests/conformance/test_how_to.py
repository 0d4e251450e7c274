"""A ledger is short, and docs/how-to/add-a-ledger.md, followed word by word, makes one that passes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from anlan.engines.registry.api import ledgers
from tests.architecture.source import ROOT
from tests.conformance.sheet import lines_of, rows

PAGE = ROOT / "docs" / "how-to" / "add-a-ledger.md"
OF_FILE = re.compile(r"^```python (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHECKED = "registering or renewal or desks or stands_as or label or own_units_only or imported or cycle"


def shown() -> dict[str, str]:
    """The files that the page shows, by name."""
    return dict(OF_FILE.findall(PAGE.read_text(encoding="utf-8")))


def test_ledgers_are_short() -> None:
    own = [ledger for ledger in ledgers if type(ledger).__module__.startswith("anlan.")]
    assert median(lines_of(ledger) for ledger in own) <= 40
    dated = [ledger for ledger in own if ledger.expires]
    assert len(dated) >= 6
    assert median(lines_of(ledger) for ledger in dated) <= 40
    assert not [ledger.code for ledger in own if lines_of(ledger) > 160]


def test_the_file_the_page_shows_is_short() -> None:
    assert set(shown()) == {"apps.py", "filters.py", "models.py"}
    assert len(shown()["filters.py"].splitlines()) <= 40


def test_the_table_names_every_ledger_with_what_its_checks_said() -> None:
    table = {row[0]: row for row in rows({"sample.permits": (3, 0), "sample.lamps": (3, 1)})}
    assert set(table) == set(ledgers.codes())
    assert table["sample.permits"][4:] == ("valid_to", "3 passed")
    assert table["sample.lamps"][-1] == "1 failed"


@pytest.mark.sqlite
@pytest.mark.long
def test_the_page_followed_word_by_word_makes_a_ledger_that_passes(tmp_path: Path) -> None:
    app = tmp_path / "water"
    (app / "migrations").mkdir(parents=True)
    for name in ("__init__.py", "migrations/__init__.py"):
        (app / name).write_text("", encoding="utf-8")
    for name, text in shown().items():
        (app / name).write_text(text, encoding="utf-8")
    env = os.environ | {
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "ANLAN_FURTHER": "water",
        "ANLAN_WRITE_QUERIES": "",
    }
    env = {name: value for name, value in env.items() if not name.startswith("PYTEST_")}
    made = run("manage.py", "makemigrations", "water", env=env | {"ANLAN_MODULES": "tests.sample,water"})
    assert (app / "migrations" / "0001_initial.py").exists(), made
    tried = run(
        *("-m", "pytest", "tests/conformance/test_ledgers.py", "-p", "no:randomly", "-p", "no:cacheprovider"),
        *("-q", "-k", f"water and ({CHECKED})"),
        env=env,
    )
    assert re.search(r"\b\d\d? passed", tried), tried[-3000:]
    assert "failed" not in tried, tried[-3000:]


def run(*words: str, env: dict[str, str]) -> str:
    """What a Python process of the house says."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=280, check=False
    )
    return done.stdout + done.stderr
