"""Acts: what people do with a record beside editing and moving it, such as pressing, publishing or recalling.

An act is a method of the ledger ``(self, actor, record, values)``; it calls a service of the domain and may
return the address to go on to. Rights, form, confirmation, double clicks and refusals are the engine's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms

from anlan.engines.org.api import scope

Method = TypeVar("Method", bound=Callable[..., Any])


def _always(record: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """``right`` is needed over the record's unit, ``when`` says for which records; ``form`` asks first.

    ``effect``, words or a function of the record, is said before an act without a form; ``above`` lets the
    right count at any unit (for the receiver of a superior's record), ``own`` leaves it to the record's owner.
    A form class with ``for_record(record, data, files)`` is made for the record; its ``parts`` (mappings
    id, title, fields) divide a long one.
    ``at_home``: the right must be held at the record's own unit, not from above.
    ``confirm`` marks a decisive act: the password is asked for once more.
    """

    title: str
    right: str
    form: type[forms.Form] | None = None
    when: Callable[[Any], bool] = _always
    icon: str = ""
    kind: str = "default"
    effect: str | Callable[[Any], str] = ""
    above: bool = False
    own: bool = False
    at_home: bool = False
    confirm: bool = False
    name: str = ""

    def said(self, record: Any) -> str:
        """What will happen, in words, for this record."""
        return self.effect(record) if callable(self.effect) else self.effect

    def open_to(self, user: Any, record: Any) -> bool:
        """Whether this person may do it to this record."""
        found = scope(user, self.right)
        if self.own and getattr(record, f"{record.OWNER}_id") != user.pk:
            return False
        if self.at_home:
            return found.at(record.org.path)
        return bool(found) if self.above else found.covers(record.org.path)


def act(title: str, right: str, **more: Any) -> Callable[[Method], Method]:
    """Decorator of a ledger's method; see :class:`Act`."""

    def mark(method: Method) -> Method:
        method.act = Act(title, right, name=method.__name__, **more)  # type: ignore[attr-defined]
        return method

    return mark


def asked_by(make: Callable[..., forms.Form]) -> type[forms.Form]:
    """A form class for an act whose form ``make(record, data, files)`` builds when it is asked for."""
    return type("AskedForm", (forms.Form,), {"for_record": staticmethod(make)})


def acts_of(ledger: Any) -> list[Act]:
    """Acts in order of declaration; one of a base class may be declared anew under its name."""
    names = {name: None for kind in reversed(type(ledger).__mro__) for name in vars(kind)}
    found = [getattr(getattr(type(ledger), name, None), "act", None) for name in names]
    return [known for known in found if isinstance(known, Act)]
