"""Opening a message: the page behind it is the judge of whether the person may still see the matter."""

import copy
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from anlan.kernel.errors import Forbidden, Missing, Refusal

GONE = "这件事已不在您的管理范围内，或者已经归档，所以打不开。"
NO_RIGHT = "您现在没有查看这件事的权限。"


def why_closed(request: HttpRequest, url: str) -> str:
    """Why the page at ``url`` would not open for this person now; empty where it opens."""
    parts = urlsplit(url)
    try:
        match = resolve(parts.path)
        probe = copy.copy(request)
        probe.method, probe.path, probe.path_info = "GET", parts.path, parts.path
        probe.GET = QueryDict(parts.query)
        probe.resolver_match = match
        match.func(probe, *match.args, **match.kwargs)
    except (Missing, Http404, Resolver404):
        return GONE
    except (Forbidden, PermissionDenied):
        return NO_RIGHT
    except Refusal as refusal:
        return refusal.message
    return ""
