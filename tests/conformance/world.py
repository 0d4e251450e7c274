"""The small world a ledger is tried in: one unit inside, one outside, people with and without rights."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.test import Client

from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, OrgUnit, declared_permissions
from anlan.engines.registry.api import Ledger, ledgers
from anlan.kernel import clock
from tests.conformance.rows import a_person, a_row
from tests.factories import a_role

VERBS = ("view", "add", "edit", "archive", "import", "export", "unmask")


@dataclass
class World:
    """``inside`` lies below the person's unit, ``outside`` beside it; rows are made when first asked for."""

    ledger: Ledger

    def __post_init__(self) -> None:
        self._clients: dict[int, Client] = {}
        self.province = self._unit("350000", "福建省教育厅", "province", None)
        self.county = self._unit("350582", "晋江市教育局", "county", self.province)
        self.other_county = self._unit("350583", "南安市教育局", "county", self.province)
        self.inside = self._unit("S1", "里头小学", "school", self.county)
        self.outside = self._unit("S9", "外头小学", "school", self.other_county)

    @staticmethod
    def _unit(code: str, name: str, kind: str, parent: OrgUnit | None) -> OrgUnit:
        unit: OrgUnit = OrgUnit.objects.create(code=code, name=name, kind=kind, parent=parent)
        return unit

    def another(self, code: str, name: str) -> OrgUnit:
        """A second school inside."""
        return self._unit(code, name, "school", self.county)

    @cached_property
    def rights(self) -> list[str]:
        """Every right of the ledger, its moves and acts, and the right to view what it refers to."""
        code = self.ledger.code
        stems = {code, self.ledger.flow.code if self.ledger.flow else code}
        mine = [item.code for item in declared_permissions if item.code.rpartition(".")[0] in stems]
        return sorted({*mine, *(other.permission("view") for other in ledgers)})

    @cached_property
    def person(self) -> User:
        """Holds every right over the county."""
        return self.holder(*self.rights)

    @property
    def home(self) -> OrgUnit:
        """Where rights over the row inside are held: above it, unless the ledger wants them held at its own unit."""
        return self.inside if self.ledger.at_home else self.county

    def holder(self, *rights: str, unit: OrgUnit | None = None) -> User:
        """Somebody who holds exactly these rights over a unit (the county)."""
        user = a_person(unit or self.home)
        Grant.objects.create(user=user, role=a_role(f"r{user.pk}", *rights), unit=unit or self.home)
        return user

    @cached_property
    def overseer(self) -> User:
        """Holds every right over the county, whatever of it counts there."""
        return self.holder(*self.rights, unit=self.county) if self.ledger.at_home else self.person

    @cached_property
    def viewer(self) -> User:
        """May look and do nothing else."""
        return self.holder(self.ledger.permission("view"))

    @cached_property
    def nobody(self) -> User:
        """Signed in, without any right."""
        return a_person(self.county)

    @cached_property
    def row(self) -> Any:
        """A row inside."""
        return a_row(self.ledger, self.inside)

    @cached_property
    def foreign(self) -> Any:
        """A row outside."""
        return a_row(self.ledger, self.outside)

    @property
    def tomorrow(self) -> datetime:
        """A deadline that lies ahead."""
        return clock.now() + timedelta(days=1)

    def client(self, user: User | None = None) -> Client:
        """The browser of the person, signed in."""
        user = user or self.person
        if user.pk not in self._clients:
            self._clients[user.pk] = Client()
            self._clients[user.pk].force_login(user)
        return self._clients[user.pk]

    def url(self, record: Any = None, tail: str = "") -> str:
        """Address of the list, or of a record and its pages."""
        return (self.ledger.url_of(record) if record is not None else self.ledger.url) + tail

    def api(self, record: Any = None, tail: str = "") -> str:
        """The same in the interface."""
        stem = f"/api/{self.ledger.app}/{self.ledger.plural}/"
        return f"{stem}{record.pk}{tail}" if record is not None else stem

    def secrets(self, record: Any) -> list[str]:
        """Full personal values of a row, which no output may contain."""
        fields = {f.name for f in record._meta.concrete_fields}
        values = [str(getattr(record, name)) for name in self.ledger.masked if name in fields]
        return [value for value in values if value]


def text(response: Any) -> str:
    """The answer as text."""
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode(errors="replace")
    return str(response.content.decode(errors="replace"))
