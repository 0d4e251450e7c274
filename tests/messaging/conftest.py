"""A county with two schools, people with a duty, and a gateway that speaks HTTP over a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from tests.factories import a_role, a_tree, a_user


class Office:
    """Units and people of a small county."""

    def __init__(self) -> None:
        tree = a_tree()
        self.county, self.first, self.second = tree.county, tree.school, tree.sister_school

    def person(self, name: str, unit: OrgUnit, *permissions: str, **fields) -> User:
        """A person with a role of their own at the unit, holding the permissions."""
        a_role(f"role-{name}", *permissions)
        return a_user(f"role-{name}", unit, username=name, name=name, **fields)


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
