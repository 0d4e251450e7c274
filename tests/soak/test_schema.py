"""The shortcut by which tests migrate makes the very tables that ``migrate`` makes."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.schema import place


def tables(path: Path) -> list[tuple[str, ...]]:
    """Every table, index and trigger with its words."""
    with sqlite3.connect(path) as database:
        return database.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
        ).fetchall()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_shortcut_makes_the_same_tables(tmp_path: Path) -> None:
    short = tmp_path / "short.sqlite3"
    place(short)
    env = os.environ | {"ANLAN_DATABASE": f"sqlite:///{tmp_path}/whole.sqlite3"}
    said = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(said, cwd=ROOT, env=env, check=True, timeout=600)
    assert tables(short) == tables(tmp_path / "whole.sqlite3")
