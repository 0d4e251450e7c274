"""The least a list page can be: a WSGI program that runs one raw statement and answers with a ready page."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from psycopg_pool import ConnectionPool

PAGE = b"<!doctype html><title>list</title>" + b"<p>.</p>" * 5_000
pool = ConnectionPool(os.environ["BENCH_DATABASE"], min_size=1, max_size=8, open=True)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Run the statement of the page, send the page."""
    with pool.connection() as connection:
        connection.execute(os.environ["BENCH_STATEMENT"]).fetchall()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]
