"""Purposes: what responses are for, declared by domains, and with it who may read and fill them in.
Deny by default.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.responses import Response
from anlan.engines.org.api import scope
from anlan.kernel.errors import Forbidden, Missing
from anlan.kernel.registry import Registry

VersionReader = Callable[[Any, FormVersion], bool]


def _always(user: Any, response: Response) -> bool:
    return True


def _nowhere(response: Response) -> str:
    return ""


@dataclass(frozen=True)
class Purpose:
    """``view`` and ``fill`` are permissions over the unit the answers are about (``.own``: the
    respondent's only).

    ``may_fill`` may close a response further (task withdrawn, not accepted yet); ``page`` is the address of what
    the response belongs to.
    """

    code: str
    title: str
    view: str
    fill: str
    may_fill: Callable[[Any, Response], bool] = _always
    page: Callable[[Response], str] = _nowhere


purposes: Registry[Purpose] = Registry("purpose")
_version_readers: list[VersionReader] = []


def declare_purpose(code: str, title: str, *, view: str, fill: str, **more: Any) -> Purpose:
    """Declare what responses are for; ``code`` is stored on them and never renamed. See :class:`Purpose`."""
    return purposes.add(code, Purpose(code, title, view, fill, **more))


def register_version_reader(reader: VersionReader) -> VersionReader:
    """Let further people read a form version, such as those a task gives it to."""
    if reader not in _version_readers:
        _version_readers.append(reader)
    return reader


def readable_version(user: Any, pk: int) -> FormVersion:
    """The version, if the person keeps forms, fills one in, or a reader says so; otherwise Missing."""
    version: FormVersion = FormVersion.objects.unscoped().select_related("definition", "org").one(pk=pk)
    if scope(user, "forms.forms.view"):
        rows = FormVersion.objects.visible(user, "forms.forms.view")
        if rows.filter(pk=version.pk).exists():
            return version
    own = Response.objects.unscoped().filter(form_version=version, respondent=user)
    if own.exists() or any(reader(user, version) for reader in _version_readers):
        return version
    raise Missing


def readable_response(user: Any, **lookup: Any) -> Response:
    """The response if its purpose lets the person see it; otherwise Missing."""
    return _reachable(user, "view", lookup)


def fillable_response(user: Any, **lookup: Any) -> Response:
    """The response if the person may fill it in; Missing when it is not theirs to see, Forbidden when
    only to see.
    """
    try:
        response = _reachable(user, "fill", lookup)
    except Missing:
        response = _reachable(user, "view", lookup)
        raise Forbidden(purposes[response.purpose].fill) from None
    if not purposes[response.purpose].may_fill(user, response):
        raise Forbidden(purposes[response.purpose].fill)
    return response


def _reachable(user: Any, act: str, lookup: dict[str, Any]) -> Response:
    response: Response = Response.objects.unscoped().one(**lookup)
    purpose = purposes.get(response.purpose)
    if purpose is None or not scope(user, getattr(purpose, act)):
        raise Missing
    rows = Response.objects.visible(user, getattr(purpose, act))
    found: Response = rows.select_related("form_version", "org").one(pk=response.pk)
    return found
