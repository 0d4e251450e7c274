"""Every act needs its right; nobody passes unknown; forged requests fail."""

import json

from django.test import Client

from anlan.engines.registry.api import Ledger
from tests.conformance.checks.known import check
from tests.conformance.world import World

JSON = "application/json"
PAGES = ("", "new", "export", "import")


def refused(ledger: Ledger, page: str) -> tuple[int, ...]:
    """How a page is refused; what another system maintains knows no import at all."""
    return (404,) if page == "import" and ledger.readonly else (403,)


@check
def the_unknown_are_sent_to_sign_in(world: World) -> None:
    for url in [world.url(None, page) for page in PAGES] + [world.url(world.row)]:
        answer = Client(raise_request_exception=False).get(url)
        assert answer.status_code == 302, url
        assert "/sign-in/" in answer["Location"], url
    assert Client().get(world.api()).status_code == 401


@check
def without_the_right_to_view_there_is_nothing_to_see(world: World) -> None:
    client = world.client(world.nobody)
    for page in PAGES:
        assert client.get(world.url(None, page)).status_code in refused(world.ledger, page), page
    for url in (world.url(world.row), world.api(), world.api(world.row)):
        assert client.get(url).status_code == 403, url


@check
def looking_is_not_acting(world: World) -> None:
    client, ledger = world.client(world.viewer), world.ledger
    assert client.get(world.url()).status_code == 200
    for page in ("new", "export", "import"):
        assert client.get(world.url(None, page)).status_code in refused(ledger, page), page
        assert client.post(world.url(None, page), {}).status_code in (*refused(ledger, page), 405), page
    assert client.post(world.url(None, "export/full"), {"reason": "查"}).status_code == 403
    # A rule of the domain may hide the row from one who may only look: then nothing can be found to act on.
    no = 403 if client.get(world.url(world.row)).status_code == 200 else 404
    for tail in ("edit", "archive"):
        wanted = (no, 403) if ledger.readonly else (no,)
        assert client.post(world.url(world.row, tail), {}).status_code in wanted, tail
    for name in ledger.flow.moves if ledger.flow else ():
        assert client.post(world.url(world.row, f"move/{name}"), {}).status_code == no, name
        assert client.post(world.api(world.row, f"/move/{name}"), "{}", JSON).status_code == no, name
    if not ledger.readonly:
        assert client.post(world.api(), "{}", JSON).status_code == 403
        assert client.patch(world.api(world.row), json.dumps({"values": {}}), JSON).status_code == 403


@check
def forged_requests_fail(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person)
    assert client.post(world.url(world.row, "archive")).status_code == 403
    assert client.post(world.url(None, "new"), {}).status_code == 403
    if not world.ledger.readonly:
        assert client.post(world.api(), "{}", JSON).status_code == 403


@check
def pages_of_persons_are_not_kept_by_browsers(world: World) -> None:
    for url in (world.url(), world.url(world.row), world.api(world.row)):
        assert "no-store" in world.client().get(url)["Cache-Control"], url
