"""The interface of every ledger under odd requests made from its own document: refused politely, never broken."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.routes import openapi
from tests.conformance.world import World

# Requests per operation and person: in every run for some ledgers, in `make soak` for all.
FEW, MANY = 8, 60
CODES = {200, 201, 400, 403, 404, 405, 409, 422}


def bounded(examples: int) -> settings:
    """The same requests in every run, and nothing kept."""
    return settings(
        max_examples=examples,
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


def as_documented(case: Case, answer: Any) -> None:
    """A refusal or an answer of the documented shape; the record asked for may be there."""
    said = (case.method, case.operation.path, case.body, case.query, answer.content[:300])
    assert answer.status_code in CODES, said
    described = case.operation.definition.raw["responses"].get(str(answer.status_code))
    if described is not None:
        schema = {**described["content"]["application/json"]["schema"], "components": openapi()["components"]}
        jsonschema_rs.validate(schema, answer.json())


def try_out(ledger: Ledger, examples: int) -> None:
    """Every operation of the ledger, by somebody with every right, one who may look, and one without a right."""
    world = World(ledger)
    people = [world.client(), world.client(world.viewer), world.client(world.nobody)]
    document, stem = openapi(), world.api()
    mine = {path: item for path, item in document["paths"].items() if path.startswith(stem)}
    schema = schemathesis.openapi.from_dict({**document, "paths": mine})
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 2
    for number, operation in enumerate(operations):
        known = world.row.pk if number % 2 else None
        ask(operation, people, known, examples)


def ask(operation: Any, people: list[Client], known: int | None, examples: int) -> None:
    """Requests of one operation; ``known``: of a record that is there."""

    @bounded(examples)
    @given(case=operation.as_strategy())
    def odd(case: Case) -> None:
        if known and "pk" in (case.path_parameters or {}):
            case.path_parameters["pk"] = known
        for client in people:
            as_documented(case, send(client, case))

    odd()


every_ledger = pytest.mark.parametrize("ledger", list(ledgers), ids=lambda ledger: ledger.code)


@pytest.mark.postgres  # what no text may hold differs; SQLite takes anything
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sample.lamps", "base.schools", "safety.extensions"])
def test_odd_requests_are_refused_politely(code: str) -> None:
    try_out(ledgers[code], FEW)


@pytest.mark.slow
@pytest.mark.django_db
@every_ledger
def test_many_odd_requests_are_refused_politely(ledger: Ledger) -> None:
    try_out(ledger, MANY)
