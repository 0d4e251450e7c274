"""What a person can see of the whole site: every list, number, option, export and page, as comparable text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Ledger, ledgers
from anlan.engines.workflow.api import renew_todos
from tests.conformance.routes import address_of, others
from tests.conformance.rows import a_person, a_row
from tests.conformance.world import text
from tests.factories import a_grant

# What differs between two readings of the same page without telling anything.
PASSING = re.compile(r'(csrf-token" content=|(csrfmiddlewaretoken|idempotency|uid)" value=|"csrf": )"[^"]*"')
# Signs the person out; marks what was read; shows a new secret each time.
LEFT_OUT = {"sign-out/", "messages/read-all/", "account/second-factor/"}


@dataclass
class Eyes:
    """A person by role and units, looking through a browser of their own."""

    role: str
    units: list[OrgUnit]
    user: User = field(init=False)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.user = a_person(self.units[0])
        for unit in self.units:
            a_grant(self.user, self.role, unit)
        self.client = Client()
        self.client.force_login(self.user)

    @property
    def inside(self) -> Q:
        """Rows at or below the units."""
        found = Q()
        for unit in self.units:
            found |= Q(org__path__startswith=unit.path)
        return found

    def covers(self, unit: OrgUnit) -> bool:
        """Whether a unit lies at or below those of the person."""
        return any(unit.path.startswith(mine.path) for mine in self.units)

    def open_to(self) -> list[Ledger]:
        """The ledgers whose list answers the person."""
        return [item for item in ledgers if self.client.get(item.url).status_code == 200]

    def pages(self, chosen: Iterable[Ledger]) -> Iterator[str]:
        """Addresses to look at: the lists of these ledgers, and every other one without a parameter."""
        for ledger in chosen:
            yield f"{ledger.url}?archived=all&size=100"
        for pattern, _ in others():
            if "<" not in pattern and pattern not in LEFT_OUT and address_of(pattern):
                yield f"/{pattern}"

    def further(self, ledger: Ledger, words: str) -> Iterator[str]:
        """The ledger searched for ``words``, its export, form, options and interface; the lookup of schools."""
        stem = ledger.url
        yield f"{stem}?archived=all&q={words}"
        yield f"{stem}export?archived=all&format=csv"
        yield f"{stem}new"
        yield f"/api{stem}?archived=all&size=100"
        for name in ledger.form_names:
            if ledger.model._meta.get_field(name).is_relation:
                yield f"{stem}choose/{name}"
        yield f"/base/schools/pick?q={words}"

    def look(self, urls: Iterable[str]) -> dict[str, str]:
        """What the pages show; refused ones show nothing."""
        cache.clear()
        found = {}
        for url in urls:
            answer = self.client.get(url)
            assert answer.status_code < 500, url
            if answer.status_code == 200:
                found[url] = PASSING.sub("", read(answer))
        return found


def read(answer: Any) -> str:
    """The answer as text; of a workbook its cells."""
    if "spreadsheetml" not in answer.headers.get("Content-Type", ""):
        return text(answer)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def populate(unit: OrgUnit, chosen: Iterable[Ledger] = ledgers) -> dict[str, Any]:
    """A row of every ledger at the unit, by code; those with a workflow lie on somebody's desk."""
    made = {}
    for ledger in chosen:
        record = made[ledger.code] = a_row(ledger, unit)
        if ledger.flow and not ledger.readonly:
            renew_todos(record)
    return made


def populate_addresses(unit: OrgUnit) -> None:
    """What the other addresses speak of: accounts, grants, messages, jobs, tasks, forms, files."""
    for pattern, _ in others():
        if (address := address_of(pattern)) and "<" in pattern and not address.narrowed:
            address.subject(unit)
