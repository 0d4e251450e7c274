"""Every act needs its right; nobody passes unknown; forged requests fail."""

import json

from django.test import Client

from tests.conformance.checks.known import check
from tests.conformance.world import World

JSON = "application/json"
PAGES = ("", "new", "export", "import")


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
    for url in [world.url(None, page) for page in PAGES] + [
        world.url(world.row),
        world.api(),
        world.api(world.row),
    ]:
        assert client.get(url).status_code == 403, url


@check
def looking_is_not_acting(world: World) -> None:
    client, ledger = world.client(world.viewer), world.ledger
    assert client.get(world.url()).status_code == 200
    for page in ("new", "export", "import"):
        assert client.get(world.url(None, page)).status_code == 403, page
        assert client.post(world.url(None, page), {}).status_code in (403, 405), page
    assert client.post(world.url(None, "export/full"), {"reason": "查"}).status_code == 403
    for tail in ("edit", "archive"):
        assert client.post(world.url(world.row, tail), {}).status_code == 403, tail
    for name in ledger.flow.moves if ledger.flow else ():
        assert client.post(world.url(world.row, f"move/{name}"), {}).status_code == 403, name
        assert client.post(world.api(world.row, f"/move/{name}"), "{}", JSON).status_code == 403, name
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
