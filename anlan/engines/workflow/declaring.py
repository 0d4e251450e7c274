"""Declaring a workflow: states, each with one of the seven tones, and named moves between them (X.14)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from anlan.engines.org.api import Record, declare_permission
from anlan.kernel.registry import Registry

TONES = ("idle", "todo", "doing", "review", "done", "late", "back")
Guard = Callable[[Any, Any], str | None]
Effect = Callable[[Any, Any], dict[str, Any]]
Desk = Callable[[Any], Iterable[Any]]


@dataclass(frozen=True)
class State:
    """A state's words and tone; ``work`` names what waits in it where several moves lead out (复查)."""

    title: str
    tone: str
    work: str = ""


def idle(title: str) -> State:
    """Not begun, void, withdrawn."""
    return State(title, "idle")


def todo(title: str) -> State:
    """Waiting for somebody to begin."""
    return State(title, "todo")


def doing(title: str) -> State:
    """Under way."""
    return State(title, "doing")


def review(title: str, work: str = "") -> State:
    """Waiting for a judgement."""
    return State(title, "review", work)


def done(title: str) -> State:
    """Ended well."""
    return State(title, "done")


def back(title: str) -> State:
    """Returned for more work."""
    return State(title, "back")


@dataclass(frozen=True)
class Move:
    """A named step: who may take it, from where to where, what it needs, and the deadline it starts.

    ``needs`` and ``takes`` are model fields (required and optional) or names of file slots; ``guard``
    returns the
    reason why this person may not move this record now, or None; ``duty`` puts the move on the to-do list;
    ``within_days`` are working days and start the deadline of the state moved to; ``sets`` are values the
    move itself writes, ``effect`` computes more of them; ``archives`` makes the record read-only for good;
    ``desk`` names the people on whose desks the duty lies, where it is not everybody who holds the right;
    ``confirm`` marks a decisive move: pages ask for the password once more.
    """

    title: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    within_days: int | None = None
    guard: Guard | None = None
    duty: bool = True
    outlined: bool = False
    archives: bool = False
    confirm: bool = False
    sets: tuple[tuple[str, Any], ...] = ()
    effect: Effect | None = None
    desk: Desk | None = None
    name: str = ""
    permission: str = ""


def move(
    title: str, source: str, target: str, *, by: str, needs: str = "", takes: str = "", **more: Any
) -> Move:
    """A move; lists of names are written as words in one string."""
    return Move(
        title,
        tuple(source.split()),
        target,
        tuple(by.split()),
        tuple(needs.split()),
        tuple(takes.split()),
        **more,
    )


@dataclass
class Flow:
    """A workflow ready for use; made from the class the domain writes."""

    code: str
    title: str
    model: type[Record]
    states: dict[str, State]
    initial: str
    final: tuple[str, ...]
    moves: dict[str, Move] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    stages: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def moves_from(self, state: str) -> list[Move]:
        """Moves that start in ``state``, in order of declaration."""
        return [step for step in self.moves.values() if state in step.sources]


class Workflow:
    """Base of declarations; see architecture.md for the shape.
    ``code`` is also the stem of the permissions. ``stages`` sums the states up for the record page: the
    title of each stage with the states in which its work is still to be done; the first may name none, it
    is then the registration itself.
    """

    code: ClassVar[str]
    title: ClassVar[str] = ""
    model: ClassVar[type[Record]]
    states: ClassVar[dict[str, State]]
    initial: ClassVar[str]
    final: ClassVar[str]
    files: ClassVar[str] = ""
    stages: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        flow = Flow(
            cls.code,
            cls.title,
            cls.model,
            cls.states,
            cls.initial,
            tuple(cls.final.split()),
            {},
            tuple(cls.files.split()),
            {title: tuple(names.split()) for title, names in cls.stages.items()},
        )
        for name, step in vars(cls).items():
            if isinstance(step, Move):
                permission = f"{cls.code}.{name}"
                flow.moves[name] = replace(step, name=name, permission=permission)
                declare_permission(permission, f"{cls.title}：{step.title}", step.by)
        flows.add(cls.code, flow)


def _verify(flow: Flow) -> Iterator[str]:
    known = set(flow.states)
    for name, state in flow.states.items():
        if state.tone not in TONES:
            yield f"state {name} names no tone"
    for state_name in {flow.initial, *flow.final} - known:
        yield f"{state_name} is no state"
    fields = {f.name for f in flow.model._meta.get_fields()} | set(flow.files)
    for step in flow.moves.values():
        for state_name in {*step.sources, step.target} - known:
            yield f"move {step.name} names unknown state {state_name}"
        for name in set(step.needs + step.takes) - fields:
            yield f"move {step.name} asks for unknown field {name}"
    reached = {flow.initial} | {step.target for step in flow.moves.values()}
    for name in known - reached:
        yield f"state {name} cannot be reached"
    for name in known - set(flow.final):
        if not flow.moves_from(name):
            yield f"state {name} has no way out"
    yield from faults_of_stages(flow)


def faults_of_stages(flow: Flow) -> Iterator[str]:
    """What is wrong with the stages: every state stands in exactly one of them."""
    if not flow.stages:
        return
    named = [name for names in flow.stages.values() for name in names]
    for name in sorted(set(named) - set(flow.states)):
        yield f"stages name unknown state {name}"
    for name in flow.states:
        if named.count(name) != 1:
            yield f"state {name} stands in {named.count(name)} stages"
    for title in list(flow.stages)[1:]:
        if not flow.stages[title]:
            yield f"stage {title} names no state"


flows: Registry[Flow] = Registry("workflow", _verify)


def flow_of(model: type[Record]) -> Flow | None:
    """The workflow of a model, if it has one."""
    return next((flow for flow in flows if flow.model is model), None)
