"""Strict JSON for frozen dataclasses: every key known, every value of its declared type, faults named
by their place.

Fields may be ``str``, ``bool``, ``int``, ``Decimal | None`` (a string in JSON), another dataclass, one
of them or None, or a tuple of any of these.
"""

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from anlan.kernel.errors import Rejected

D = TypeVar("D")
NUMBER_LENGTH = 20
SAID = {str: "应是文字", bool: "应是 true 或 false", int: "应是整数"}


class _Faults(dict[str, str]):
    """Messages by place, such as ``sections.0.questions.2.text``."""


def to_json(value: Any) -> Any:
    """Plain JSON values of a dataclass; every key is present, numbers with decimals are strings."""
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def from_json(kind: type[D], data: Any, place: str = "") -> D:
    """The dataclass; Rejected, with a message for each place at fault."""
    faults = _Faults()
    built = _decode(kind, data, place, faults)
    if faults:
        raise Rejected(faults)
    return built  # type: ignore[no-any-return]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(hint: Any, data: Any, place: str, faults: _Faults) -> Any:
    if get_origin(hint) is tuple:
        return _many(get_args(hint)[0], data, place, faults)
    if get_origin(hint) is types.UnionType:
        inner = next(arg for arg in get_args(hint) if arg is not types.NoneType)
        return None if data is None else _decode(inner, data, place, faults)
    if is_dataclass(hint):
        return _object(hint, data, place, faults)
    return _plain(hint, data, place, faults)


def _many(hint: Any, data: Any, place: str, faults: _Faults) -> tuple[Any, ...]:
    if not isinstance(data, list):
        faults[place] = "应是列表"
        return ()
    return tuple(_decode(hint, item, _at(place, index), faults) for index, item in enumerate(data))


def _object(kind: Any, data: Any, place: str, faults: _Faults) -> Any:
    if not isinstance(data, dict):
        faults[place] = "应是一组名称和值"
        return None
    before = len(faults)
    known = {f.name: f for f in fields(kind)}
    faults.update({_at(place, name): "没有这一项" for name in data if name not in known})
    for name in _missing(known, data):
        faults[_at(place, name)] = "缺少这一项"
    values = {
        name: _decode(_hints(kind)[name], data[name], _at(place, name), faults)
        for name in known
        if name in data
    }
    return kind(**values) if len(faults) == before else None


def _missing(known: dict[str, Any], data: dict[str, Any]) -> Iterator[str]:
    for name, field in known.items():
        if name not in data and field.default is MISSING and field.default_factory is MISSING:
            yield name


def _plain(hint: Any, data: Any, place: str, faults: _Faults) -> Any:
    if hint is Decimal:
        return _number(data, place, faults)
    if type(data) is not hint:
        faults[place] = SAID[hint]
        return None
    if hint is str and "\x00" in data:
        faults[place] = "含有不能保存的字符"
    return data


def _number(data: Any, place: str, faults: _Faults) -> Decimal | None:
    try:
        number = Decimal(data) if isinstance(data, str) and len(data) <= NUMBER_LENGTH else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > NUMBER_LENGTH:
        faults[place] = "应是数字"
        return None
    return number


def _at(place: str, name: str | int) -> str:
    return f"{place}.{name}" if place else str(name)
