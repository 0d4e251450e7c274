"""A source at a school, and a machine that signs and sends events as a recorder or an alarm host would."""

import json
from itertools import count
from typing import Any

import pytest
from django.test import Client

from anlan.domains.alarms.sources import Source, issue_key, signature
from anlan.engines.audit.api import create
from anlan.kernel import clock
from tests.site_security.conftest import Ground, ground

__all__ = ["Machine", "ground", "machine"]


class Machine:
    """What stands at the school; it knows its key and nothing of Anlan but the door."""

    def __init__(self, ground: Ground) -> None:
        row = Source(org=ground.tree.school, code="nvr-1", title="录像平台")
        self.source = create(ground.bureau, row)
        self.key = issue_key(ground.bureau, self.source)
        self.client, self.numbers = Client(enforce_csrf_checks=True), count(1)
        self.message = ""

    def send(self, *events: dict[str, Any], key: str = "", source: str = "", late: int = 0) -> Any:
        """The answer to one signed request."""
        body = json.dumps({"events": events}).encode()
        return self.send_body(body, str(int(clock.now().timestamp()) - late), key, source)

    def send_body(self, body: bytes, stamp: str = "", key: str = "", source: str = "") -> Any:
        """The answer to a request that is signed whatever it holds."""
        stamp = stamp or str(int(clock.now().timestamp()))
        headers = {
            "X-Anlan-Source": source or self.source.code,
            "X-Anlan-Time": stamp,
            "X-Anlan-Signature": signature(key or self.key, stamp, body),
        }
        return self.client.post("/alarms/door/", body, "application/json", headers=headers)

    def event(self, device: str, kind: str, **data: Any) -> dict[str, Any]:
        """An event of now."""
        at = clock.now().isoformat()
        return {"id": f"e{next(self.numbers)}", "device": device, "kind": kind, "at": at, "data": data}

    def say(self, device: str, kind: str, **data: Any) -> str:
        """Send one event; what became of it."""
        answer = self.send(self.event(device, kind, **data)).json()["results"][0]
        self.message = answer.get("message", "")
        return str(answer["status"])


@pytest.fixture
def machine(ground: Ground) -> Machine:
    """The school's recorder."""
    return Machine(ground)
