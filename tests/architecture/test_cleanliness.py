"""What must never be in the repository."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.architecture.source import ROOT, functions, listed, modules, place, product, text, tracked, under

DEBT = re.compile("TODO|FIXME|XXX|HACK")
MACHINE = re.compile(r"/(?<![\w.]/)(?:home|root|Users|work|mnt|opt)/[\w.-]+")
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|resolved\"|\bfile:")
INLINE = {
    "style attribute": re.compile(r"""\sstyle\s*=\s*["']""", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE
    ),
    "event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "script address": re.compile(r"""(?:href|src|action)\s*=\s*["']\s*javascript:""", re.IGNORECASE),
}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Places where a pattern stands."""
    return [
        f"{place(path, number)} {line.strip()[:100]}"
        for path in paths
        if pattern.search(text(path))
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def readable() -> list[Path]:
    """Tracked text files."""
    suffixes = {".py", ".html", ".css", ".js", ".toml", ".md", ".yaml", ".yml", ".txt", ".json", ".sh", ""}
    return [path for path in tracked() if path.suffix in suffixes and b"\0" not in path.read_bytes()[:4096]]


def locks() -> list[Path]:
    """Files that pin third-party packages."""
    return under("requirements", ".txt") + [path for path in tracked() if path.name.endswith("lock.json")]


def test_no_debt_is_written_down_instead_of_paid() -> None:
    mine = Path(__file__)
    written = [
        path for path in readable() if path != mine and path.suffix in {".py", ".html", ".js", ".css", ".sh"}
    ]
    assert not lines_with(DEBT, written)


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [place(path) for path in modules() if BANNED_NAMES & {*path.with_suffix("").parts}]


def test_no_path_of_somebodys_machine() -> None:
    others = {*locks(), Path(__file__)}
    assert not lines_with(MACHINE, [path for path in readable() if path not in others])


def test_locks_pin_with_hashes_and_name_no_address() -> None:
    assert locks()
    assert not lines_with(ADDRESS, locks())
    for path in under("requirements", ".txt"):
        pins = re.findall(r"^[\w.\[\],-]+==.*(?:\n .*)*", text(path), re.MULTILINE)
        assert pins, place(path)
        assert not [pin for pin in pins if "--hash=sha256:" not in pin], place(path)


def test_no_third_party_code_is_committed() -> None:
    assert not [place(path) for path in tracked() if {"vendor", "node_modules"} & {*path.parts}]
    assert not [place(path) for path in listed() if path.is_symlink()]
    assert not [place(path) for path in tracked() if ".min." in path.name]


@pytest.mark.parametrize("what", INLINE)
def test_templates_keep_the_content_security_policy(what: str) -> None:
    assert not lines_with(INLINE[what], under("anlan", ".html"))


@pytest.mark.parametrize(
    ("what", "html"),
    [
        ("style attribute", "<p style='x'>"),
        ("style element", "<style>"),
        ("script in the page", "<script>"),
        ("event attribute", '<a onclick="x">'),
        ("script address", '<a href="javascript:x">'),
    ],
)
def test_planted_inline_code_would_be_found(what: str, html: str) -> None:
    assert INLINE[what].search(html)
    assert not INLINE[what].search('<script src="a.js" defer></script><a data-on="x" href="/x">style</a>')


def test_every_function_is_annotated() -> None:
    bare = []
    for path in product():
        for node in functions(path):
            named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            extra = [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
            missing = [
                a.arg for a in named + extra if a.annotation is None and a.arg not in {"self", "cls", "_"}
            ]
            if missing or node.returns is None:
                bare.append(f"{place(path, node.lineno)} {node.name}({', '.join(missing)})")
    assert not bare


def test_no_print_is_left_in_the_product() -> None:
    calls = (node for path in product() for function in functions(path) for node in ast.walk(function))
    assert not [ast.unparse(n) for n in calls if isinstance(n, ast.Call) and ast.unparse(n.func) == "print"]


def test_requirement_catalogues_have_unique_ids() -> None:
    for path in under("docs/requirements", ".yaml"):
        ids = re.findall(r"^- id: (\S+)", text(path), re.MULTILINE)
        assert len(ids) == len(set(ids)) > 100, place(path)


def test_the_readme_shows_only_pictures_that_exist() -> None:
    for path in [path for path in tracked() if path.suffix == ".md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(path)):
            assert (path.parent / target).exists(), f"{place(path)} -> {target}"


def test_configuration_of_continuous_integration_is_readable() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    for path in [path for path in tracked() if path.suffix in {".yml"}]:
        yaml.safe_load(text(path))
