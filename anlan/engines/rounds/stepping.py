"""Stepping through the leaves of a tree: before, at, after, and the tree beside the form."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from anlan.engines.evaluation.api import Indicator, Tree
from anlan.kernel.errors import Missing
from anlan.shell.parts import Attachment


class Steps:
    """Where somebody is among leaves; Missing for a leaf that is not among them."""

    def __init__(self, leaves: Sequence[Indicator], at: str) -> None:
        codes = [leaf.code for leaf in leaves]
        if not codes or (at and at not in codes):
            raise Missing
        place = codes.index(at) if at else 0
        self.at = leaves[place]
        self.previous = leaves[place - 1] if place else None
        self.next = leaves[place + 1] if place + 1 < len(codes) else None


def path_words(tree: Tree, leaf: Indicator) -> str:
    """The titles of the indicators above."""
    words, code = [], leaf.parent
    while code:
        words.append(tree[code].title)
        code = tree[code].parent
    return " / ".join(reversed(words))


def nodes(
    tree: Tree, at: str, url: str, scores: Mapping[str, Any], only: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """The tree as the component ``indicator_tree`` wants it; ``only`` these leaves."""
    wanted = set(only) if only is not None else {leaf.code for leaf in tree.leaves}

    def leaf(one: Indicator) -> dict[str, Any]:
        given, most = scores.get(one.code), one.scale.most if one.scale else Decimal(0)
        return {
            "title": f"{one.code} {one.title}",
            "url": f"{url}?at={one.code}",
            "tone": "idle" if given is None else "done",
            "score": "" if given is None else f"{plain(given)} / {plain(most)}",
            "current": one.code == at,
        }

    def leaves(code: str) -> list[Indicator]:
        below = tree.below(code)
        return [found for one in below for found in (leaves(one.code) if tree.below(one.code) else [one])]

    def branch(one: Indicator) -> dict[str, Any]:
        own = leaves(one.code) if tree.below(one.code) else [one]
        kept = [leaf(each) for each in own if each.code in wanted]
        return {"title": f"{one.code} {one.title}" if tree.below(one.code) else "", "children": kept}

    found = []
    for top in tree.below():
        parts = [branch(one) for one in tree.below(top.code) or [top]]
        if parts := [part for part in parts if part["children"]]:
            found.append(
                {
                    "title": f"{top.code} {top.title}",
                    "weight": f"{plain(tree.standard(top.code))} 分",
                    "children": parts,
                }
            )
    return found


def plain(value: Any) -> str:
    """A score without idle noughts."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def evidence(files: Iterable[Any]) -> list[Attachment]:
    """Attachments as the evidence viewer wants them; the first one is open."""
    return [
        Attachment(
            one.name,
            one.address("full"),
            icon="photo" if one.is_picture else "file-text",
            preview=one.address("preview"),
            current=number == 0,
        )
        for number, one in enumerate(files)
    ]
