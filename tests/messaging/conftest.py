"""A county with two schools, people with a duty, and a gateway that speaks HTTP over a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, Kind, OrgUnit, Role, RolePermission


class Office:
    """Units and people of a small county."""

    def __init__(self) -> None:
        self.city = OrgUnit.objects.create(code="350000", name="省厅", kind=Kind.PROVINCE)
        self.county = OrgUnit.objects.create(code="350582", name="县教育局", kind=Kind.COUNTY, parent=self._city())
        self.first = OrgUnit.objects.create(code="S1", name="第一小学", kind=Kind.SCHOOL, parent=self.county)
        self.second = OrgUnit.objects.create(code="S2", name="第二小学", kind=Kind.SCHOOL, parent=self.county)

    def _city(self) -> OrgUnit:
        return OrgUnit.objects.create(code="350500", name="市局", kind=Kind.CITY, parent=self.city)

    def person(self, name: str, unit: OrgUnit, *permissions: str, role: str = "", **fields) -> User:
        """A person with a role at the unit that holds the permissions."""
        user = User.objects.create_user(name, "secret-Pass-1", name=name, unit=unit, **fields)
        code = role or f"role-{name}"
        held, _ = Role.objects.get_or_create(code=code, defaults={"title": code})
        for permission in permissions:
            RolePermission.objects.get_or_create(role=held, permission=permission)
        Grant.objects.create(user=user, role=held, unit=unit)
        return user


@pytest.fixture
def office(db) -> Office:
    return Office()


class Gateway:
    """An SMS provider: remembers what it took, and answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.answers: list[int] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = gateway.answers.pop(0) if gateway.answers else 200
                if status == 200:
                    gateway.taken.append(body)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    found = Gateway()
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    settings.MESSAGE_CHANNELS = {"sms": {"url": found.url}}
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()
