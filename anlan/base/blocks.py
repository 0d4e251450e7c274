"""Kinds of school information on a school's page, each behind its right; absent, not empty (D09.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.schools import School
from anlan.engines.org.api import declare_permission, scope
from anlan.kernel.registry import Registry

Fill = Callable[[HttpRequest, School], dict[str, Any] | None]


@dataclass(frozen=True)
class SchoolBlock:
    """One kind: its words, its template, and what fills it (None: nothing to show)."""

    code: str
    title: str
    template: str
    fill: Fill

    @property
    def permission(self) -> str:
        """The right to see this kind."""
        return f"base.schools.block.{self.code}"


school_blocks: Registry[SchoolBlock] = Registry("school block")


def school_block(
    code: str, title: str, template: str, roles: tuple[str, ...] = (*ABOVE, *AT_SCHOOL)
) -> Callable[[Fill], Fill]:
    """Decorator: the function fills a block of the school page; domains add theirs."""

    def register(fill: Fill) -> Fill:
        block = school_blocks.add(code, SchoolBlock(code, title, template, fill))
        declare_permission(block.permission, f"学校信息：{title}", roles)
        return fill

    return register


def may_see_block(user: Any, school: School, code: str) -> bool:
    """Whether the person may see this kind of information at this school."""
    return scope(user, school_blocks[code].permission).covers(school.org.path)


def blocks_for(request: HttpRequest, school: School) -> list[dict[str, Any]]:
    """Blocks the person may see, filled."""
    found = []
    for block in school_blocks:
        if may_see_block(request.user, school, block.code):
            context = block.fill(request, school)
            if context is not None:
                found.append(
                    {"code": block.code, "title": block.title, "template": block.template, **context}
                )
    return found
