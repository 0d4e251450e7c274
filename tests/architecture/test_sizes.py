"""Files and functions stay small."""

from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.architecture.source import ROOT, functions, modules, place, product, text


def lines(path: Path) -> int:
    return len(text(path).splitlines())


def lengths() -> dict[str, int]:
    """Lines of every function, by its place."""
    return {
        f"{place(path, node.lineno)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in product()
        for node in functions(path)
    }


@pytest.mark.parametrize("folder", ["anlan", "tests", "bench", "scripts"])
def test_no_file_is_over_400_lines(folder: str) -> None:
    assert not {place(path): lines(path) for path in modules(folder) if lines(path) > 300}


def test_files_are_short_as_a_rule() -> None:
    counted = {place(path): lines(path) for path in product() if lines(path)}
    longest = sorted(counted.items(), key=lambda pair: -pair[1])[:10]
    assert median(counted.values()) <= 75, longest
    assert quantiles(counted.values(), n=10)[-1] <= 200, longest


def test_functions_are_short_as_a_rule() -> None:
    counted = lengths()
    assert median(counted.values()) <= 8


def test_at_most_one_function_in_a_hundred_is_over_50_lines() -> None:
    counted = lengths()
    long = {name: count for name, count in counted.items() if count > 50}
    assert len(long) <= len(counted) / 100, long


def test_the_figures_are_taken_from_the_real_house() -> None:
    assert ROOT / "anlan" / "site" / "settings.py" in product()
    assert len(product()) > 30
