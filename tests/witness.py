"""Middleware of the tests: a request that writes business data without leaving an entry in the trail fails its test.

So every writing action that any test makes through a page or the interface is held to NF.216.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

ENTRY = "INSERT audit_auditentry"
WRITE = re.compile(r'\s*(INSERT|UPDATE|DELETE)(?: OR IGNORE)?(?: INTO| FROM)?\s+"?(\w+)', re.I)
# What is no act of a person on business data: sessions and counters, what the trail itself keeps, derived desks and
# messages with their reading marks, own views of lists, drafts of uploads, progress of jobs, finished exports,
# heartbeats of devices.
QUIET = re.compile(
    r"django_|anlan_cache|audit_|identity_(signin|tally|usedcode|passwordmemory)|tasks_(todo|job|reminder)|messaging_|"
    r"registry_(bulkoutcome|columnchoice|listchoice|savedview)|files_(upload|storedfile)|output_exportfile|workflow_step|sqlite_|site_security_pulse"
)


# The defaults of the security policy, laid down when they are first asked for.
DEFAULTS = "INSERT identity_securitypolicy"


def unfinished(request: HttpRequest) -> bool:
    """Drafts of answers, which are written down when handed in; a second factor offered, before it is taken on."""
    answering = request.path.startswith("/forms/responses/") and request.POST.get("act") != "submit"
    drafts = answering and not request.path.endswith("/submit.json")
    return drafts or (request.method == "GET" and request.path == "/account/second-factor/")


class Unwritten(AssertionError):
    """Business data was written and the trail knows nothing of it."""


class WitnessMiddleware:
    """Notes the tables that each request writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        written: set[str] = set()

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            answer = execute(sql, params, many, context)
            found = WRITE.match(sql)
            # An insertion that returns its key has not counted its rows yet.
            if found and (found[1].upper() == "INSERT" or context["cursor"].rowcount):
                written.add(f"{found[1].upper()} {found[2]}")
            return answer

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        spoken = {act for act in written - {DEFAULTS} if not QUIET.match(act.split()[1])}
        if spoken and ENTRY not in written and response.status_code < 400 and not unfinished(request):
            raise Unwritten(f"{request.method} {request.path} wrote {sorted(spoken)} without an entry")
        return response
