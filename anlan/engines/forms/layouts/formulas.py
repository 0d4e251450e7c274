"""Formulas of cells: + - * / and comparisons, SUM AVERAGE COUNT MIN MAX IF ROUND. Read here, computed elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from anlan.engines.forms.layouts.lattice import ADDRESS, address, cells_of, place_of
from anlan.kernel.errors import Rejected

LONGEST, DEEPEST = 500, 40
FUNCTIONS = {
    "SUM": (1, 50), "AVERAGE": (1, 50), "COUNT": (1, 50), "MIN": (1, 50), "MAX": (1, 50), "IF": (2, 3), "ROUND": (2, 2),
}  # fmt: skip
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d{1,15}(?:\.\d{1,15})?)
    |(?P<cell>\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?![A-Z0-9(]))
    |(?P<name>[A-Z]+)(?=\s*\()
    |(?P<text>"(?:[^"]|"")*")
    |(?P<sign><=|>=|<>|[-+*/(),:<>=]))""",
    re.VERBOSE,
)
COMPARED = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True)
class Words:
    """Text as written."""

    value: str


@dataclass(frozen=True)
class Cell:
    """One cell."""

    at: str


@dataclass(frozen=True)
class Area:
    """A range, cell by cell."""

    cells: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """Two sides and the sign between them; a missing left side is a sign before a value."""

    sign: str
    left: "Node | None"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    given: tuple["Node", ...]


Node = Number | Words | Cell | Area | Operation | Call


def wrong(said: str) -> NoReturn:
    """Refuse a formula."""
    raise Rejected({"formula": said})


def tokens(formula: str) -> list[tuple[str, str]]:
    """Kind and text of each part; Rejected for anything outside the small language."""
    text = formula.strip().removeprefix("=").strip()
    if not text or len(text) > LONGEST:
        wrong(f"公式不能空，不超过 {LONGEST} 个字符")
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            wrong(f"公式里不能用“{text[at : at + 12].strip()}”")
        found.append((str(match.lastgroup), match[match.lastgroup or 0]))
        at = match.end()
    return found


def parse(formula: str) -> Node:
    """The formula as a tree; Rejected, naming what cannot be used."""
    reader = _Reader(tokens(formula.upper() if '"' not in formula else formula))
    tree = reader.comparison(0)
    if reader.left:
        wrong(f"公式在“{reader.left[0][1]}”处多了内容")
    return tree


class _Reader:
    """Recursive descent with bounded depth."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        self.left = parts

    def _next(self) -> tuple[str, str]:
        if not self.left:
            wrong("公式没有写完")
        return self.left.pop(0)

    def _take(self, *signs: str) -> str:
        if self.left and self.left[0][0] == "sign" and self.left[0][1] in signs:
            return self.left.pop(0)[1]
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            wrong(f"公式里少了“{sign}”")

    def comparison(self, depth: int) -> Node:
        if depth > DEEPEST:
            wrong("公式嵌套太深")
        left = self._sum(depth)
        if sign := self._take(*COMPARED):
            return Operation(sign, left, self._sum(depth))
        return left

    def _sum(self, depth: int) -> Node:
        left = self._product(depth)
        while sign := self._take("+", "-"):
            left = Operation(sign, left, self._product(depth))
        return left

    def _product(self, depth: int) -> Node:
        left = self._value(depth)
        while sign := self._take("*", "/"):
            left = Operation(sign, left, self._value(depth))
        return left

    def _value(self, depth: int) -> Node:
        if depth > DEEPEST:
            wrong("公式嵌套太深")
        if sign := self._take("-", "+"):
            return Operation(sign, None, self._value(depth + 1))
        if self._take("("):
            inner = self.comparison(depth + 1)
            self._need(")")
            return inner
        kind, said = self._next()
        if kind == "number":
            return Number(Decimal(said))
        if kind == "text":
            return Words(said[1:-1].replace('""', '"'))
        if kind == "name":
            return self._call(said, depth)
        return self._cells(said) if kind == "cell" else wrong(f"公式里“{said}”的位置不对")

    def _cells(self, said: str) -> Node:
        first = said.replace("$", "")
        if not self._take(":"):
            return Cell(first)
        kind, last = self._next()
        if kind != "cell":
            wrong("区域要写成 B2:B9")
        return Area(tuple(cells_of(f"{first}:{last.replace('$', '')}")))

    def _call(self, name: str, depth: int) -> Node:
        name = name.upper()
        if name not in FUNCTIONS:
            wrong(f"不能用函数 {name}；可以用 {'、'.join(FUNCTIONS)}")
        self._need("(")
        given = [self.comparison(depth + 1)]
        while self._take(","):
            given.append(self.comparison(depth + 1))
        self._need(")")
        least, most = FUNCTIONS[name]
        if not least <= len(given) <= most:
            wrong(f"{name} 的参数个数不对")
        return Call(name, tuple(given))


def named(tree: Node) -> Iterator[str]:
    """Addresses a formula looks at."""
    if isinstance(tree, Cell):
        yield tree.at
    elif isinstance(tree, Area):
        yield from tree.cells
    elif isinstance(tree, Operation):
        yield from named(tree.left) if tree.left is not None else ()
        yield from named(tree.right)
    elif isinstance(tree, Call):
        for one in tree.given:
            yield from named(one)


def moved(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads some rows and columns further on; parts fixed by ``$`` stay."""

    def shift(found: re.Match[str]) -> str:
        said = found[0]
        row, column = place_of(said)
        fixed_column, fixed_row = said.startswith("$"), "$" in said[1:]
        at = address(row if fixed_row else row + rows, column if fixed_column else column + columns)
        there = ADDRESS.fullmatch(at)
        assert there is not None  # noqa: S101 - made just above
        return f"{'$' if fixed_column else ''}{there[1]}{'$' if fixed_row else ''}{there[2]}"

    parts = re.split(r'("(?:[^"]|"")*")', formula)
    return "".join(
        part
        if part.startswith('"')
        else re.sub(r"(?<![A-Z0-9$])\$?[A-Z]{1,3}\$?[1-9]\d*(?![\dA-Z(])", shift, part)
        for part in parts
    )
