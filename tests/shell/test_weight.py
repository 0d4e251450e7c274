"""What a first visit loads: files, weight and where they come from."""

import gzip
from urllib.parse import urlsplit

import pytest

OFFICE_KB, PARENT_KB, CHART_KB, FILES, ANSWER_KB = 150, 110, 340, 16, 15

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loop_allowed", "gallery"),
]


@pytest.fixture
def visit(page, live_server):
    """Load a page; return the weight of everything it fetched, gzipped, in KB, by address."""

    def loaded(address):
        answers = []
        page.on("response", lambda answer: answers.append(answer) if answer.url.startswith("http") else None)
        page.goto(f"{live_server.url}/gallery/{address}", wait_until="networkidle")
        return {answer.url: len(gzip.compress(answer.body(), 9)) / 1024 for answer in answers}

    return loaded


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("workbench/", OFFICE_KB),
        ("list/", OFFICE_KB),
        ("record/", OFFICE_KB),
        ("form/", OFFICE_KB),
        ("check/", OFFICE_KB),
        ("login/", PARENT_KB),
        ("wall/", CHART_KB),
        ("analysis/", CHART_KB),
    ],
)
def test_a_first_visit_stays_within_its_weight(visit, live_server, address, limit):
    found = visit(address)
    assert sum(found.values()) < limit, found
    assert len(found) <= FILES
    assert {urlsplit(url).netloc for url in found} == {urlsplit(live_server.url).netloc}


def test_an_answer_to_htmx_is_small(client):
    rows = client.get("/gallery/list/", headers={"HX-Request": "true"}).content
    assert len(gzip.compress(rows, 9)) / 1024 < ANSWER_KB
