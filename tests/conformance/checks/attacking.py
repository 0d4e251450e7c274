"""What is sent with bad intent is refused or kept as plain text, on forms, lists, moves, imports and the interface."""

import json
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from anlan.engines.registry.api import form_for, ledger_of
from tests.conformance.checks.changing import writable
from tests.conformance.checks.known import check
from tests.conformance.filling import filled, pictures
from tests.conformance.world import World, text

JSON = "application/json"
TEXTS = {
    "injection": "x'); DROP TABLE audit_auditentry;--",
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "path": "../../../../etc/passwd",
    "formula": '=HYPERLINK("http://x.example","点我")',
    "header": "a\r\nSet-Cookie: stolen=1",
    "nul": "a\x00b",
    "direction": "gpj.\u202egnp\ufeff",
}
TOO_LONG = "长" * 200_000
JUNK = ("' OR 1=1--", "9" * 400, "1e999", "NaN", "-1", "9999-99-99", "\x00", "<script>alert(1)</script>")
LIVE = ("<script>alert(1)", '"><img src=x', "Set-Cookie: stolen")


def texts(world: World) -> list[str]:
    """Names of the free texts of the form."""
    fields: list[Any] = [world.ledger.model._meta.get_field(name) for name in world.ledger.form_names]
    kinds = (models.CharField, models.TextField)
    return [field.name for field in fields if isinstance(field, kinds) and not field.choices]


def fitting(world: World, name: str, value: str) -> str:
    """As much of the value as the field takes, so that it gets past the length."""
    length = getattr(world.ledger.model._meta.get_field(name), "max_length", None)
    return value[:length]


def harmless(world: World, answer: Any, why: str) -> None:
    """No server error, nothing alive in the page, nothing stolen into the headers."""
    assert answer.status_code < 500, why
    assert "stolen" not in answer.cookies, why
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        page = text(answer)
        assert not [live for live in LIVE[:2] if live in page], why
        assert "DROP TABLE audit" not in page or "x&#x27;);" in page, why


@check
def attacks_on_the_form_are_refused_or_kept_as_text(world: World) -> None:
    if not writable(world):
        return
    client, ledger, names = world.client(), world.ledger, texts(world)
    assert world.row
    for kind, payload in TEXTS.items():
        data = filled(ledger, world.inside, world.person)
        data |= {name: fitting(world, name, payload) for name in names}
        answer = client.post(world.url(None, "new"), data | pictures(ledger))
        harmless(world, answer, kind)
        assert answer.status_code in (303, 409, 422), kind
        if answer.status_code == 303:
            harmless(world, client.get(answer["Location"]), kind)
    harmless(world, client.get(world.url(), {"archived": "all"}), "list")
    assert ledger.model.unguarded.filter(pk=world.row.pk).exists()
    exported = text(client.get(world.url(None, "export?archived=all&format=csv")))
    assert not re.findall(r'.{30}(?:^|,)"?=HYPERLINK', exported, re.M)


@check
def junk_and_floods_on_the_form_are_refused(world: World) -> None:
    if not writable(world):
        return
    client, before = world.client(), world.ledger.model.unguarded.count()
    for junk in (*JUNK, TOO_LONG):
        answer = client.post(world.url(None, "new"), dict.fromkeys(world.ledger.form_names, junk))
        harmless(world, answer, junk[:20])
        assert answer.status_code in (400, 422), junk[:20]
    assert world.ledger.model.unguarded.count() == before


@check
def junk_in_the_address_is_plain_text(world: World) -> None:
    client, ledger = world.client(), world.ledger
    assert world.row
    for junk in JUNK:
        said = dict.fromkeys((*ledger.filter_names, "q", "sort", "page", "size", "archived", "overdue"), junk)
        for url in (world.url(), world.api()):
            answer = client.get(url, said)
            harmless(world, answer, junk)
            assert answer.status_code in (200, 422), (url, junk)
    for tail in ("99999999999999999999/", "0/", "-1/", "1%00/", "..%2f..%2fetc%2fpasswd"):
        assert client.get(world.url(None, tail)).status_code == 404, tail


@check
def attacks_on_moves_are_refused_or_kept_as_text(world: World) -> None:
    if ledger_of(world.ledger.model) is not world.ledger:
        return  # the same moves are tried in the ledger that maintains the rows
    for step in world.ledger.moves:
        for payload in (TEXTS["script"], TEXTS["nul"], TOO_LONG[:50_000]):
            said = dict.fromkeys((*step.needs, *step.takes, "version"), payload)
            answer = world.client().post(world.url(world.row, f"move/{step.name}"), said)
            harmless(world, answer, step.name)
            assert answer.status_code in (303, 400, 403, 404, 409, 422), step.name


@check
def attacks_on_the_interface_are_refused_or_kept_as_text(world: World) -> None:
    if world.ledger.readonly:
        return
    client, ledger = world.client(), world.ledger
    assert world.row
    before = ledger.model.unguarded.count()
    odd: list[Any] = [None, True, [], {}, [[]], {"a": {"b": 1}}, 10**400, -1, *JUNK, TOO_LONG[:50_000]]
    for value in odd:
        said = dict.fromkeys(ledger.form_names, value)
        for answer in (
            client.post(world.api(), json.dumps(said), JSON),
            client.patch(world.api(world.row), json.dumps({"values": said}), JSON),
        ):
            assert answer.status_code in (200, 400, 403, 409, 422), (str(value)[:40], text(answer)[:300])
    for body in (
        b"[" * 50_000,
        b'{"a":' * 50_000,
        b"\xff\xfe\x00",
        b'{"org": "\\ud800"}',
        b"",
        b"null",
        b"1",
    ):
        answer = client.post(world.api(), body, JSON)
        assert answer.status_code in (400, 403, 413, 422), (body[:20], text(answer)[:300])
    assert ledger.model.unguarded.count() == before


@check
def attacks_in_a_sheet_are_refused_or_kept_as_text(world: World) -> None:
    if not writable(world):
        return
    fields = form_for(world.ledger, world.person).fields
    shown = [name for name in world.ledger.form_names if name in fields]
    client = world.client()
    for payload in (TEXTS["script"], TEXTS["formula"], TEXTS["nul"], JUNK[1]):
        heading = ",".join(str(fields[name].label) for name in shown)
        row = ",".join('"' + payload.replace('"', '""') + '"' for _ in shown)
        sheet = SimpleUploadedFile("../../导入\r\n.csv", f"\ufeff{heading}\n{row}\n".encode(), "text/csv")
        answer = client.post(world.url(None, "import"), {"file": sheet})
        harmless(world, answer, payload)
        if answer.status_code == 303:
            harmless(world, client.get(answer["Location"]), payload)
            harmless(world, client.post(f"{answer['Location']}confirm", {"mode": "good"}), payload)
            harmless(world, client.get(f"{answer['Location']}errors"), payload)
