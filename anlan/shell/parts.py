"""Small typed data that pages hand to templates; fields are those the component documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Action:
    """A button or link: ``kind`` primary, default, quiet, text or danger.

    ``url`` alone is a link; ``post`` sends a POST there; ``confirm`` asks first, naming the
    object, ``effect`` says what will happen; ``attrs`` adds attributes such as ``hx-get``.
    """

    label: str
    url: str = ""
    kind: str = "default"
    icon: str = ""
    post: str = ""
    confirm: str = ""
    effect: str = ""
    name: str = ""
    value: str = ""
    only_icon: bool = False
    attrs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumbs; the last one has no address."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class View:
    """A saved view: an address with its count; ``late`` prints the count in red."""

    title: str
    url: str
    count: int | None = None
    current: bool = False
    late: bool = False


@dataclass(frozen=True)
class Stat:
    """A key number with the list behind it; ``change`` says 比上周, ``change_tone`` is good or bad."""

    label: str
    value: str
    url: str = ""
    unit: str = ""
    change: str = ""
    change_tone: str = ""
    tone: str = ""
    trend: Sequence[float] = ()


@dataclass(frozen=True)
class Fact:
    """A labelled value of a record; ``wide`` takes the full row."""

    label: str
    value: Any
    wide: bool = False


@dataclass(frozen=True)
class Stage:
    """A stage of a closed loop: ``state`` past, now or empty; when and who below."""

    title: str
    state: str = ""
    when: str = ""
    who: str = ""


@dataclass(frozen=True)
class Event:
    """An entry of the record of acts: what, who, when, how it was done (手机, 系统), tone of the dot."""

    title: str
    who: str
    at: datetime
    text: str = ""
    how: str = ""
    tone: str = "idle"


@dataclass(frozen=True)
class Person:
    """A person with duty and (possibly masked) phone; ``phone_url`` is empty where none may be dialled."""

    name: str
    duty: str = ""
    phone: str = ""
    phone_url: str = ""


@dataclass(frozen=True)
class Photo:
    """A photo with its words; ``count`` such as 1 / 3 when more belong to it."""

    url: str
    alt: str
    title: str = ""
    taken: str = ""
    place: str = ""
    maker: str = ""
    count: str = ""
    full: str = ""
    width: int = 640
    height: int = 480


@dataclass(frozen=True)
class Choice:
    """An option of a choice or filter."""

    value: str
    label: str
    tone: str = ""
    icon: str = ""
    checked: bool = False
    grade: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Task:
    """A row of a work queue."""

    title: str
    url: str
    icon: str = "clipboard-check"
    unit: str = ""
    kind: str = ""
    grade: int | str | None = None
    deadline: datetime | None = None
    verb: str = ""
    verb_url: str = ""


@dataclass(frozen=True)
class TaskGroup:
    """Rows of a work queue under one heading: 已逾期, 今日到期, 本周; ``total`` when not all are shown."""

    title: str
    tasks: Sequence[Task]
    tone: str = ""
    total: int = 0


@dataclass(frozen=True)
class Filter:
    """A filter of a list: a name in the address, its options, and what is set now in words.

    Kind ``pick``: looked up at ``url``, narrowed by ``narrow``; ``chosen`` are mappings value, label.
    """

    name: str
    label: str
    options: Sequence[Choice] = ()
    shown: str = ""
    multiple: bool = True
    kind: str = "choice"
    values: Sequence[str] = ()
    url: str = ""
    narrow: Sequence["Filter"] = ()
    chosen: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class Attachment:
    """A file with its preview; ``size`` in octets."""

    name: str
    url: str
    note: str = ""
    icon: str = "file-text"
    preview: str = ""
    current: bool = False


@dataclass(frozen=True)
class Rank:
    """A row of ranked bars."""

    label: str
    value: float
    shown: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Item:
    """A row of a list card."""

    title: str
    url: str = ""
    note: str = ""
    side: str = ""
    side_url: str = ""
    tone: str = ""
