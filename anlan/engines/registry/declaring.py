"""Declaring a ledger: one short class from which pages, import, export, API, rights and tests follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.db.models import Q

from anlan.engines.org.api import Record
from anlan.engines.registry.data import Datum, computed, datum
from anlan.engines.registry.standing import EXPIRING, shown
from anlan.engines.workflow.api import Flow, Move, flow_of
from anlan.kernel.personal import Personal

VERBS = {
    "view": "查看",
    "add": "登记",
    "edit": "修改",
    "archive": "归档",
    "import": "导入",
    "export": "导出",
    "unmask": "查看完整个人信息",
}
WATCH = "watch"  # who is told beside those who may edit, where rows expire
Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Block:
    """A further panel of the record page: heading, template, and the method that gives its context;
    ``printed`` puts it on paper too.
    """

    title: str
    template: str
    name: str = ""
    printed: bool = False


def block(title: str, template: str, printed: bool = False) -> Callable[[Method], Method]:
    """Decorator: a method ``(self, request, record) -> dict`` fills this panel; None leaves it out."""

    def mark(method: Method) -> Method:
        method.block = Block(title, template, method.__name__, printed)  # type: ignore[attr-defined]
        return method

    return mark


def state_words(record: Any) -> str:
    """The state of a record in words, under a workflow or as a plain choice."""
    shown = getattr(record, "state_shown", None)
    return shown.title if shown is not None else str(record.get_state_display())


class Ledger:
    """Base of declarations. Lists of names are words in one string, also paths such as ``school__name``.

    ``columns``: list, export, import, print and API; the first one is the link to the record.
    ``filters``: each with an index or choices; ``offers``: those
    of free text, whose values so far are offered. ``search``: text fields. ``key``: natural key of imports.
    ``form``: what people fill in (default: all editable fields); ``sections``: the same under questions.
    ``facts``: what the record page shows (default: columns and form). ``masked``: field to kind of mask.
    ``personal``: field to :class:`Personal`. ``source``: field to the system that maintains it, hence
    read-only here. ``views``: words to query string (``overdue=1`` prints its count red).
    ``roles``: verb (or ``view.own``) to role codes. ``files``: file slot to its words; ``form_files``: slots
    filled in with the record itself (default: those no move asks for); ``needed_files``: those of them without
    which nothing is registered, hence not by import or interface.
    ``own_form``: the domain brings the page at ``new`` itself.
    ``photos``: words over the pictures; where empty, a record without pictures shows no place for them.
    ``happenings``: further audited actions that the history of a record tells, with their words.
    ``expires``: last valid day; gives the column ``validity``, its filter, counters, reminders and to-dos.
    ``renews``: what a renewal asks for, the date included. ``watched``: rows whose date matters.
    ``soon``: days before its date that a row counts as near where no unit set its own; fewer for short cycles.
    ``cycle``: code of the rule (with ``{field}``) and field of the start, for :class:`Cycled` rows.
    ``life``: roles that keep :class:`Equipment` through its life, then, after a ``/``, those that mend it.
    ``merges``: a row may be merged into another of its unit that is the same.
    ``labels``: each row has a label with a QR code; ``scan_act``: the act a scan leads to, for who may do it.
    ``readonly``: rows come from elsewhere.
    ``certificate``: fields of a certificate (``holder number issued_on issuer kind``) by their names;
    ``certificate_title``: its class in words, where the title of the ledger will not do.
    ``words``: titles of columns and filters where those of the fields will not do. ``marks``: words of the
    query string (``overdue=1``) with the condition each stands for. ``live``: seconds after which an open list
    asks for changes by itself.
    ``at_home``: rows are added, changed and archived at their own unit only, whatever rights are held above it.
    ``traced``: who of another unit looks at a row, on its page, in its files or by the interface, is written down.
    ``while_in``: verb (edit, archive) to the states in which it is allowed; see :meth:`locked`.
    ``whose``: paths to the people a row is about; ``?whose=7`` finds the rows of one, under the rights of the list.
    ``choices``: relation to what of it may be chosen here, a ``Q`` or a function ``(rows, user)``.
    Methods marked ``@computed`` are columns, methods marked ``@block`` further panels.
    """

    code: ClassVar[str] = ""
    model: ClassVar[type[Record]]
    title: ClassVar[str]
    noun: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    area: ClassVar[str] = ""
    group: ClassVar[str] = ""
    order: ClassVar[int] = 100
    badge: ClassVar[str] = ""
    columns: ClassVar[str] = ""
    filters: ClassVar[str] = ""
    offers: ClassVar[str] = ""
    search: ClassVar[str] = ""
    key: ClassVar[str] = ""
    form: ClassVar[str] = ""
    sections: ClassVar[Mapping[str, str]] = {}
    facts: ClassVar[str] = ""
    masked: ClassVar[Mapping[str, str]] = {}
    personal: ClassVar[Mapping[str, Personal]] = {}
    source: ClassVar[Mapping[str, str]] = {}
    example: ClassVar[Mapping[str, Any]] = {}
    roles: ClassVar[Mapping[str, str | Sequence[str]]] = {}
    sort: ClassVar[str] = "-pk"
    views: ClassVar[Mapping[str, str]] = {}
    files: ClassVar[Mapping[str, str]] = {}
    form_files: ClassVar[str] = ""
    needed_files: ClassVar[str] = ""
    own_form: ClassVar[bool] = False
    photos: ClassVar[str] = "现场照片"
    happenings: ClassVar[Mapping[str, str]] = {}
    expires: ClassVar[str] = ""
    renews: ClassVar[str] = ""
    watched: ClassVar[Q] = Q()
    soon: ClassVar[int] = EXPIRING
    cycle: ClassVar[str] = ""
    labels: ClassVar[bool] = False
    merges: ClassVar[bool] = False
    scan_act: ClassVar[str] = ""
    life: ClassVar[str] = ""
    certificate: ClassVar[Mapping[str, str]] = {}
    certificate_title: ClassVar[str] = ""
    readonly: ClassVar[bool] = False
    words: ClassVar[Mapping[str, str]] = {}
    marks: ClassVar[Mapping[str, Callable[[], Q]]] = {}
    live: ClassVar[int] = 0
    at_home: ClassVar[bool] = False
    traced: ClassVar[bool] = False
    while_in: ClassVar[Mapping[str, str]] = {}
    whose: ClassVar[str] = ""
    choices: ClassVar[Mapping[str, Q | Callable[[Any, Any], Any]]] = {}

    def lede(self, rows: Any, user: Any) -> str:
        """Hook: the sentence under the title, from the rows the person may see; empty: the standard one."""
        return ""

    def begin(self, user: Any) -> dict[str, Any]:
        """Hook: what a new form starts with, such as the own unit of who issues something."""
        return {}

    def refine(self, rows: Any) -> Any:
        """Hook: the part of the model's rows this ledger is about."""
        return rows

    def special_leads(self) -> list[Any]:
        """Hook: lead times (``Lead``) of some of the rows, which go before those of their unit."""
        return []

    def veiled(self, record: Any) -> int | None:
        """Hook: whose name (account) no page of this record shows."""
        return None

    def seek(self, word: str) -> Q:
        """Hook: what else a searched word finds, beside being part of a searched field."""
        return Q(pk__in=[])

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Hook: what is wrong with values across fields, by field; runs for form, import and API."""
        return {}

    def also_reads(self, user: Any, pk: int) -> bool:
        """Hook: whether somebody who does not see the record may read its files (who was sent it)."""
        return False

    def locked(self, record: Any, verb: str) -> str:
        """Hook: why this record may not be edited or archived now, in words; empty: it may.

        Pages, bulk bar, import and API ask here. The standard answer follows ``while_in``.
        """
        states = self.while_in.get(verb)
        if states is None or record.state in states.split():
            return ""
        return f"当前状态是“{state_words(record)}”，不能{VERBS[verb]}"

    @computed("有效期状态", "chip")
    def validity(self, row: Any) -> tuple[str, str]:
        """How the row's last valid day stands."""
        return shown(row, self.expires)

    @cached_property
    def app(self) -> str:
        """First part of the addresses."""
        return self.code.split(".")[0].replace("_", "-")

    @cached_property
    def plural(self) -> str:
        """Second part of the addresses."""
        return self.code.split(".", 1)[1].replace("_", "-").replace(".", "-")

    @cached_property
    def url(self) -> str:
        """Address of the list."""
        return f"/{self.app}/{self.plural}/"

    def url_of(self, record: Record | int) -> str:
        """Address of a record."""
        return f"{self.url}{record if isinstance(record, int) else record.pk}/"

    def label_url(self, record: Record) -> str:
        """Address that the label of a record says; the uid tells nothing about the record."""
        return f"{self.url}q/{record.uid}"

    def permission(self, verb: str) -> str:
        """The right to do ``verb``."""
        return f"{self.code}.{verb}"

    @cached_property
    def flow(self) -> Flow | None:
        """The workflow of the rows, if they have one."""
        return flow_of(self.model)

    @cached_property
    def column_data(self) -> list[Datum]:
        """The columns, resolved."""
        return [datum(self, name) for name in self.columns.split()]

    @cached_property
    def fact_data(self) -> list[Datum]:
        """What the record page shows, resolved."""
        names = self.facts.split() or list(dict.fromkeys(self.columns.split() + self.form_names))
        return [datum(self, name) for name in names]

    @cached_property
    def form_names(self) -> list[str]:
        """What people fill in, in order; never what another system maintains."""
        if self.readonly:
            return []
        words = " ".join(self.sections.values()).split() or self.form.split() or self._editable()
        return [name for name in words if name not in self.source]

    def _editable(self) -> list[str]:
        flow_fields = {"due_at"} | {name for step in self.moves for name in step.needs + step.takes}
        meta = self.model._meta
        fields = [f for f in (*meta.concrete_fields, *meta.many_to_many) if f.editable and not f.primary_key]
        skipped = flow_fields if self.flow else set()
        return [f.name for f in fields if f.name not in skipped]

    @property
    def moves(self) -> list[Move]:
        """The moves of the workflow, if there is one."""
        return list(self.flow.moves.values()) if self.flow else []

    @cached_property
    def key_names(self) -> list[str]:
        """Fields of the natural key."""
        return self.key.split()

    @cached_property
    def filter_names(self) -> list[str]:
        """Fields one may filter by."""
        return self.filters.split()

    @cached_property
    def search_names(self) -> list[str]:
        """Text fields and paths searched."""
        return self.search.split()

    @cached_property
    def blocks(self) -> list[Block]:
        """Further panels of the record page, in order of declaration."""
        methods = [value for kind in reversed(type(self).__mro__) for value in vars(kind).values()]
        return [method.block for method in methods if hasattr(method, "block")]

    @cached_property
    def needs(self) -> list[str]:
        """Relations a list joins, so that no row costs a query."""
        found = {"org"} | {need for item in self.column_data for need in item.needs}
        return sorted(found)

    @cached_property
    def lists(self) -> list[str]:
        """Many-to-many fields among the columns, fetched once per page."""
        return [item.name for item in self.column_data if item.field is not None and item.field.many_to_many]

    @cached_property
    def form_needs(self) -> tuple[list[str], list[str]]:
        """Relations and many-to-many fields of the form, for answers that carry the form's values too."""
        fields: list[Any] = [self.model._meta.get_field(name) for name in self.form_names]
        joined = [field.name for field in fields if field.is_relation and not field.many_to_many]
        return joined, [field.name for field in fields if field.many_to_many]
