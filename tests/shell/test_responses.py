"""The same view answers a page or a block; refusals become pages in words; personal pages are never cached."""

import json
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client

from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected
from anlan.shell.middleware import RefusalMiddleware
from anlan.shell.responses import is_partial, see_other, sign_in, toast

HTMX = {"HX-Request": "true"}


@pytest.mark.usefixtures("gallery")
def test_htmx_gets_the_rows_alone_and_everybody_else_the_page(client: Client):
    page = client.get("/gallery/list/")
    rows = client.get("/gallery/list/", headers=HTMX)
    again = client.get("/gallery/list/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in rows.text
    assert rows.text.strip().startswith('<div class="al-table')
    assert "<html" in again.text
    assert "HX-Request" in page.headers["Vary"]


def answer(request, error):
    request.user = AnonymousUser()
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Forbidden("hazard.extend"), 403, "缺少的权限：hazard.extend"),
        (Missing("隐患 7 在别的学校"), 404, "没有找到"),
        (Conflict("别人先复查了"), 409, "别人先复查了"),
        (Rejected({"due": "要晚于发现时间"}), 422, "要晚于发现时间"),
        (PermissionDenied(), 403, "您还没有这项权限"),
        (Http404(), 404, "没有找到"),
    ],
)
def test_a_refusal_says_what_happened_with_its_status(request_at, error, status, words):
    page = answer(request_at("/x/"), error)
    assert page.status_code == status
    assert words in page.text
    assert "<h1" in page.text
    panel = answer(request_at("/x/", **HTMX), error)
    assert panel.status_code == status
    assert words in panel.text
    assert "<html" not in panel.text
    assert panel.headers["HX-Retarget"] == "#notices"


def test_a_missing_record_never_hints_that_it_exists(request_at):
    assert "别的学校" not in answer(request_at(), Missing("隐患 7 在别的学校")).text


def test_other_exceptions_are_left_alone(request_at):
    assert answer(request_at(), ValueError("x")) is None


def test_pages_of_the_signed_in_are_not_cached(request_at):
    request = request_at()
    request.user = SimpleNamespace(is_authenticated=True)
    served = RefusalMiddleware(lambda _: HttpResponse())(request)
    assert served.headers["Cache-Control"] == "no-store"
    request.user = AnonymousUser()
    assert "Cache-Control" not in RefusalMiddleware(lambda _: HttpResponse())(request).headers


def test_a_stranger_is_sent_to_sign_in_and_back(request_at):
    page = sign_in(request_at("/hazards/?q=%E9%97%A8"), "/sign-in/")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in/?next=%2Fhazards%2F%3Fq%3D%25E9%2597%25A8"
    current = {"HX-Current-URL": "https://anlan.example/hazards/7/"}
    partial = sign_in(request_at("/hazards/7/log/", **HTMX, **current), "/sign-in/")
    assert partial.status_code == 401
    assert partial.headers["HX-Redirect"] == "/sign-in/?next=%2Fhazards%2F7%2F"


def test_a_write_goes_on_to_the_next_page_either_way(request_at):
    assert see_other(request_at(), "/hazards/").status_code == 303
    assert see_other(request_at(**HTMX), "/hazards/").headers["HX-Redirect"] == "/hazards/"


def test_a_toast_travels_in_the_trigger_header():
    response = toast(HttpResponse(), "已督办 2 条", undo="/undo/7/")
    assert json.loads(response.headers["HX-Trigger"])["al-toast"]["undo"] == "/undo/7/"


def test_a_boosted_link_is_a_page(request_at):
    assert not is_partial(request_at(**HTMX, **{"HX-Boosted": "true"}))


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_every_error_page_speaks_chinese_and_offers_a_way_on(client: Client, status):
    page = client.get(f"/gallery/refusal/{status}/")
    assert page.status_code == status
    assert "返回上一页" in page.text
    assert "Error" not in page.text


def test_the_page_of_a_broken_server_needs_no_context():
    from django.template.loader import get_template  # noqa: PLC0415 -- as Django itself does at that moment

    assert "服务出了问题" in get_template("500.html").render()


def test_a_request_for_a_foreign_host_is_refused_with_a_page(settings):
    settings.ALLOWED_HOSTS = ["anlan.example"]
    client = Client(raise_request_exception=False)
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
