"""The template language as a bureau may use it: names, rows of a list, conditions; nothing that reaches further."""

from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If),
    *(nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or),
)
Fault = tuple[str, str]


class PlainJinja(ImmutableSandboxedEnvironment):
    """Escapes values, knows no globals, filters, tests or files, reads only keys of dicts, calls nothing."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, loader=None)
        for known in (self.globals, self.filters, self.tests):
            known.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The value under a key of a plain dict."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same for ``row["key"]``."""
        return obj[argument] if type(obj) is dict and argument in obj else StrictUndefined(name=str(argument))

    def call(self, *_: Any, **__: Any) -> Any:
        """Nothing is ever called."""
        raise SecurityError("no calls")


class Fields:
    """What a template may name: ``names``, and per list in ``rows`` the keys of its rows."""

    def __init__(self, names: list[str], rows: dict[str, list[str]]) -> None:
        self.names, self.rows = set(names), rows

    def faults(self, source: str) -> list[Fault]:
        """Kind (``syntax``, ``unknown``, ``forbidden``) and words of whatever a template must not hold."""
        try:
            tree = PlainJinja().parse(source)
        except TemplateSyntaxError as error:
            return [("syntax", str(error.message))]
        return list(dict.fromkeys(self._of(tree, {})))

    def _of(self, node: nodes.Node, loops: dict[str, str]) -> Iterator[Fault]:
        if isinstance(node, nodes.Name):
            if node.name not in self.names:
                yield "unknown", node.name
        elif isinstance(node, nodes.Getattr):
            yield from self._of_row(node, loops)
        elif isinstance(node, nodes.For):
            yield from self._of_loop(node, loops)
        elif isinstance(node, PLAIN):
            for child in node.iter_child_nodes():
                yield from self._of(child, loops)
        else:
            yield "forbidden", words(node)

    def _of_row(self, node: nodes.Getattr, loops: dict[str, str]) -> Iterator[Fault]:
        listed = loops.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if listed is None:
            yield "forbidden", words(node)
        elif node.attr not in self.rows[listed]:
            yield "unknown", words(node)

    def _of_loop(self, node: nodes.For, loops: dict[str, str]) -> Iterator[Fault]:
        listed, row = node.iter, node.target
        if (
            not isinstance(listed, nodes.Name)
            or not isinstance(row, nodes.Name)
            or node.test
            or node.recursive
        ):
            yield "forbidden", words(listed)
        elif listed.name not in self.rows:
            yield "unknown", listed.name
        else:
            for child in (*node.body, *node.else_):
                yield from self._of(child, loops | {row.name: listed.name})


def words(node: Any) -> str:
    """An expression much as its author wrote it."""
    write = WRITTEN.get(type(node))
    return write(node) if write else type(node).__name__.lower()


WRITTEN: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Name: lambda node: str(node.name),
    nodes.Const: lambda node: repr(node.value),
    nodes.Getattr: lambda node: f"{words(node.node)}.{node.attr}",
    nodes.Getitem: lambda node: f"{words(node.node)}[{words(node.arg)}]",
    nodes.Call: lambda node: f"{words(node.node)}(…)",
    nodes.Filter: lambda node: f"{words(node.node)} | {node.name}",
    nodes.Test: lambda node: f"{words(node.node)} is {node.name}",
}
