"""The picture of a workflow: states in columns, moves as arrows between them, laid out on the server (X.14)."""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.engines.workflow.declaring import Flow, Move

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 132, 44, 96, 40, 16


@dataclass(frozen=True)
class Box:
    """A state with its place on the paper."""

    code: str
    title: str
    tone: str
    x: int
    y: int
    final: bool
    first: bool

    @property
    def middle(self) -> tuple[int, int]:
        """Where its words stand."""
        return self.x + WIDE // 2, self.y + HIGH // 2


@dataclass(frozen=True)
class Arrow:
    """A move from one box to another: an SVG path and where its number stands."""

    number: int
    title: str
    path: str
    x: int
    y: int
    back: bool


@dataclass(frozen=True)
class Picture:
    """Boxes and arrows on a paper of this size."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def _columns(flow: Flow) -> dict[str, int]:
    """How many moves lead from the beginning to each state, by the shortest way."""
    depth, edge = {flow.initial: 0}, [flow.initial]
    while edge:
        further = [
            step.target for state in edge for step in flow.moves_from(state) if step.target not in depth
        ]
        for state in further:
            depth.setdefault(state, depth[edge[0]] + 1)
        edge = list(dict.fromkeys(further))
    return {state: depth.get(state, 0) for state in flow.states}


def draw(flow: Flow) -> Picture:
    """The picture; moves are numbered in the order of declaration, as in the table beside it."""
    columns, rows = _columns(flow), dict[int, int]()
    boxes: dict[str, Box] = {}
    for code, state in flow.states.items():
        column = columns[code]
        row = rows.get(column, 0)
        rows[column] = row + 1
        x, y = EDGE + column * (WIDE + GAP_X), EDGE + row * (HIGH + GAP_Y) + GAP_Y
        boxes[code] = Box(code, state.title, state.tone, x, y, code in flow.final, code == flow.initial)
    arrows = tuple(_arrows(flow, boxes))
    width = EDGE * 2 + max(columns.values()) * (WIDE + GAP_X) + WIDE
    height = EDGE * 2 + max(rows.values()) * (HIGH + GAP_Y) + GAP_Y * 2
    return Picture(width, height, tuple(boxes.values()), arrows)


def _arrows(flow: Flow, boxes: dict[str, Box]) -> Iterator[Arrow]:
    used: dict[tuple[str, str], int] = {}
    for number, step in enumerate(flow.moves.values(), 1):
        for source in step.sources:
            pair = (source, step.target)
            used[pair] = used.get(pair, 0) + 1
            yield _arrow(number, step, boxes[source], boxes[step.target], used[pair])


def _arrow(number: int, step: Move, start: Box, end: Box, lane: int) -> Arrow:
    (sx, sy), (ex, ey) = start.middle, end.middle
    shift = (lane - 1) * 16
    if start == end:
        path = f"M{sx - 20},{start.y} C{sx - 30},{start.y - 34} {sx + 30},{start.y - 34} {sx + 20},{start.y}"
        return Arrow(number, step.title, path, sx, start.y - 28, True)
    if end.x > start.x:
        from_x, to_x = start.x + WIDE, end.x
        middle = (from_x + to_x) // 2
        path = f"M{from_x},{sy + shift} C{middle},{sy + shift} {middle},{ey + shift} {to_x},{ey + shift}"
        return Arrow(number, step.title, path, middle, (sy + ey) // 2 + shift, False)
    if end.x == start.x:
        side = start.x + WIDE
        path = f"M{side},{sy} C{side + 40},{sy} {side + 40},{ey} {side},{ey}"
        return Arrow(number, step.title, path, side + 30, (sy + ey) // 2 + shift, ey < sy)
    low = max(start.y, end.y) + HIGH + 26 + shift
    path = f"M{sx},{start.y + HIGH} C{sx},{low} {ex},{low} {ex},{end.y + HIGH}"
    return Arrow(number, step.title, path, (sx + ex) // 2, low - 8, True)
