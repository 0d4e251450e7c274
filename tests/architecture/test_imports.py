"""Who may import whom: floors, the doors of the engines, no cycles, nothing hidden."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import ROOT, functions, place, product, tree

ENGINES = sorted(path.name for path in (ROOT / "anlan" / "engines").iterdir() if (path / "apps.py").exists())


@cache
def graph() -> grimp.ImportGraph:
    """Imports between the modules of the house, migrations and tests aside."""
    graph = grimp.build_graph("anlan", cache_dir=None)
    for module in [name for name in graph.modules if ".migrations" in name or ".tests" in name]:
        graph.remove_module(module)
    return graph


def engine_of(module: str) -> str | None:
    """Name of the engine a module belongs to."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["anlan", "engines"] and len(parts) > 2 else None


def side_doors(graph: grimp.ImportGraph) -> list[str]:
    """Imports that enter an engine otherwise than through its ``api`` module."""
    return sorted(
        f"{importer} imports {module}"
        for module in graph.modules
        if (engine := engine_of(module)) and module != f"anlan.engines.{engine}.api"
        for importer in graph.find_modules_that_directly_import(module)
        if engine_of(importer) != engine
    )


def test_the_floors_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_every_engine_has_its_floor_and_no_contract_is_excused() -> None:
    configuration = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert not [name for name in ENGINES if f"anlan.engines.{name}" not in configuration]
    assert "ignore_imports" not in configuration
    assert "unmatched_ignore" not in configuration


def test_an_engine_is_entered_through_its_api() -> None:
    assert not side_doors(graph())


def test_a_side_door_would_be_found() -> None:
    planted = grimp.ImportGraph()
    planted.add_import(importer="anlan.base.schools", imported="anlan.engines.org.records")
    planted.add_import(importer="anlan.base.schools", imported="anlan.engines.org.api")
    planted.add_import(importer="anlan.engines.org.api", imported="anlan.engines.org.records")
    assert side_doors(planted) == ["anlan.base.schools imports anlan.engines.org.records"]


def test_no_import_cycles() -> None:
    edges = {name: graph().find_modules_directly_imported_by(name) for name in graph().modules}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as cycle:
        pytest.fail(" -> ".join(cycle.args[1]))


def test_imports_stand_at_the_head_of_the_file() -> None:
    hidden = [
        place(path, inner.lineno)
        for path in product()
        for node in functions(path)
        if not (path.name == "apps.py" and node.name == "ready")
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_no_import_is_excused_for_the_type_checker() -> None:
    excused = [
        place(path, node.lineno)
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    assert not excused
