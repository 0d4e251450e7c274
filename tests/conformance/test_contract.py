"""The interface under odd requests made from its own document: refused politely, never broken."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from anlan.engines.registry.api import ledgers
from tests.conformance.world import World

EXAMPLES = 8
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def send(client: Client, case: Case) -> Any:
    """The case through Django's own client."""
    parts = {name: quote(str(value), safe="") for name, value in (case.path_parameters or {}).items()}
    path = case.operation.path
    for name, value in parts.items():
        path = path.replace("{" + name + "}", value)
    query = urlencode(dict(case.query or {}), doseq=True, errors="replace")
    body = "" if case.body is schemathesis.core.NOT_SET else json.dumps(case.body, default=str)
    return client.generic(case.method, f"{path}?{query}", body, "application/json")


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sample.lamps", "safety.hazards"])
def test_odd_requests_are_refused_politely(code: str) -> None:
    world = World(ledgers[code])
    client = world.client()
    client.raise_request_exception = False
    document = client.get("/api/openapi.json").json()
    stem = world.api()
    mine = {path: item for path, item in document["paths"].items() if path.startswith(stem)}
    schema = schemathesis.openapi.from_dict({**document, "paths": mine})
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def odd(case: Case) -> None:
            answer = send(client, case)
            assert answer.status_code < 500, (case.method, case.operation.path, case.body, case.query)

        odd()
        tried += 1
    assert tried >= 5
