"""Issuing the key of a source; it is told once."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from anlan.domains.alarms.sources import Source, issue_key
from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import SignedRequest, confirmed, needs
from anlan.shell.parts import Crumb

EDIT = "alarms.sources.edit"


@needs(EDIT)
@confirmed
@require_POST
def issue(request: SignedRequest, pk: int) -> HttpResponse:
    """A new key, after the password; the one before ends at once."""
    source = Source.objects.visible(request.user, EDIT).filter(archived_at=None).one(pk=pk)
    key = issue_key(Actor.of(request), source)
    crumbs = [Crumb("设备接入来源", "/alarms/sources/"), Crumb(source.title, source.get_absolute_url())]
    context = {"key": key, "source": source, "crumbs": [*crumbs, Crumb("密钥")]}
    response = render(request, "alarms/key.html", context)
    add_never_cache_headers(response)
    return response
