"""The plugins that choose, order and count tests notice what they are there for."""

import json

import pytest

from tests.architecture.source import ROOT

pytest_plugins = ["pytester"]

HEAD = "import pytest\n"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run a test file with our plugins and nothing else of this site."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("ANLAN_DATABASE", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    marks = "\n  ".join(["browser: x", "postgres: x", "sqlite: x", "slow: x", "requirement: x"])
    pytester.makeini(f"[pytest]\nmarkers =\n  {marks}\n")

    def run_file(body: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + body)
        plugins = (
            "-p",
            "tests.selection",
            "-p",
            "tests.requirement_map",
        )
        return pytester.runpytest_subprocess(*plugins, *options)

    return run_file


SKIPPED = "@pytest.mark.browser\ndef test_page(): pytest.skip('no Chromium')\n"


def test_a_skipped_browser_test_fails_in_ci_only(run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(SKIPPED).assert_outcomes(skipped=1)
    monkeypatch.setenv("CI", "true")
    result = run(SKIPPED)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*skipped in CI*no Chromium*"])


def test_tests_of_the_other_database_and_slow_ones_are_left_out(run) -> None:
    body = "".join(
        f"@pytest.mark.{mark}\ndef test_{mark}(): pass\n" for mark in ("sqlite", "postgres", "slow")
    )
    result = run(body, "-v")
    result.assert_outcomes(passed=1, deselected=2)
    result.stdout.fnmatch_lines(["*test_sqlite PASSED*"])
    result = run(body, "-v", "--slow")
    result.stdout.fnmatch_lines(["*test_slow PASSED*"])


def test_what_opens_no_database_runs_once(run, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
@pytest.fixture
def db(): pass
def test_pure(): pass
def test_stored(db): pass
@pytest.mark.postgres
def test_theirs(): pass
"""
    run(body).assert_outcomes(passed=2, deselected=1)
    monkeypatch.setenv("ANLAN_DATABASE", "postgres://x")
    result = run(body, "-v")
    result.assert_outcomes(passed=2, deselected=1)
    result.stdout.fnmatch_lines(["*test_stored PASSED*", "*test_theirs PASSED*"])


def test_backwards_turns_the_order_round(run) -> None:
    result = run("def test_one(): pass\ndef test_two(): pass\n", "-v", "--backwards")
    result.stdout.fnmatch_lines(["*test_two PASSED*", "*test_one PASSED*"])


def test_an_unknown_requirement_is_refused(run) -> None:
    result = run("@pytest.mark.requirement('Z99.9')\ndef test_it(): pass\n")
    assert result.ret != 0
    result.stderr.fnmatch_lines(["*claims unknown requirements: Z99.9*"])


def test_a_requirement_counts_only_if_every_test_of_it_passes(run, pytester: pytest.Pytester) -> None:
    result = run(
        """
@pytest.mark.requirement('P.01')
def test_shown(): pass
@pytest.mark.requirement('P.02')
def test_half(): pass
@pytest.mark.requirement('P.02')
def test_other_half(): assert False
@pytest.mark.requirement('P.03')
def test_not_run(): pytest.skip('x')
@pytest.fixture
def broken():
    yield
    raise RuntimeError
@pytest.mark.requirement('P.04')
def test_broken_at_the_end(broken): pass
""",
        "--requirements",
        "--requirements-file",
        str(pytester.path / "map.json"),
    )
    result.stdout.fnmatch_lines(["risk-prevention *1 of*shown*"])
    kept = json.loads((pytester.path / "map.json").read_text(encoding="utf-8"))["risk-prevention"]
    states = {name: entry["state"] for name, entry in kept.items() if entry["state"] != "open"}
    assert states == {"P.01": "shown", "P.02": "failing", "P.03": "failing", "P.04": "failing"}
    assert [node.partition("::")[2] for node in kept["P.02"]["tests"]] == ["test_half", "test_other_half"]
    assert "| ✔ | P.01 | " in (pytester.path / "map.md").read_text(encoding="utf-8")
