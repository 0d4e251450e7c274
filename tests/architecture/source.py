"""The source of the house as the architecture tests read it."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


IGNORED = {".git", ".venv", "node_modules", "vendor", "var", "__pycache__", ".mypy_cache", ".ruff_cache"}


def listed() -> list[Path]:
    """Files that git knows or would add; without git (a source archive) all but the built ones."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return [ROOT / name for name in names.split("\0") if name]
    return [path for path in ROOT.rglob("*") if not IGNORED & {*path.relative_to(ROOT).parts}]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository."""
    return tuple(sorted(path for path in listed() if path.is_file() and not path.is_symlink()))


def under(folder: str, suffix: str) -> list[Path]:
    """Files below a folder of the repository with a suffix."""
    return [path for path in tracked() if path.is_relative_to(ROOT / folder) and path.suffix == suffix]


def modules(folder: str = "anlan") -> list[Path]:
    """Python files that people wrote: no migrations."""
    return [path for path in under(folder, ".py") if "migrations" not in path.parts]


def product() -> list[Path]:
    """Modules of the product itself: no migrations, no tests."""
    return [path for path in modules() if "tests" not in path.parts]


@cache
def text(path: Path) -> str:
    """Text of a file."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a module."""
    return ast.parse(text(path), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, nested ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, line: int | None = None) -> str:
    """A file, and a line of it, as an editor understands them."""
    name = str(path.relative_to(ROOT))
    return f"{name}:{line}" if line else name
