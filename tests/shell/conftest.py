"""Fixtures of the shell's tests: the gallery as the site, rendering of single templates."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from anlan.shell.gallery import surroundings


@pytest.fixture(scope="session")
def loop_allowed() -> Iterator[None]:
    """Playwright's loop runs in this thread; the database is made and emptied while it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def gallery(loop_allowed: None, settings: Any) -> None:
    """Serve the gallery alone."""
    settings.ROOT_URLCONF = "anlan.shell.gallery.urls"


@pytest.fixture
def request_at(rf: RequestFactory) -> Callable[..., HttpRequest]:
    """A request at a path; keywords become headers."""
    return lambda path="/", **headers: rf.get(path, headers=headers)


@pytest.fixture
def render(rf: RequestFactory) -> Callable[..., str]:
    """Render template source as a page would, with a request and the sample frame."""

    def rendered(source: str, **context: Any) -> str:
        request = rf.get("/gallery/list/?view=open")
        template = engines["django"].from_string(CottonCompiler().process(source))
        return template.render({"frame": surroundings.frame(request), **context}, request)

    return rendered
