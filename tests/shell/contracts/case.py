"""What a component must and must not print."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Case:
    """Template source, what its markup has, the context, what its markup has not."""

    source: str
    has: list[str]
    context: dict[str, Any] = field(default_factory=dict)
    hasnt: list[str] = field(default_factory=list)
