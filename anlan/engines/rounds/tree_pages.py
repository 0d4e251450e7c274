"""The indicators of a scheme as a file to keep or to bring into another one."""

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.exchange.api import as_file
from anlan.engines.output.api import safe_name
from anlan.engines.registry.api import ledgers, one
from anlan.engines.rounds.processes import process_named
from anlan.engines.rounds.tree_sheets import write_tree


@require_safe
def download(request: HttpRequest, process: str, pk: int) -> FileResponse:
    """The file; who took it is written down."""
    scheme = one(ledgers[process_named(process).right("schemes")], request.user, pk, "export")
    log(Actor.of(request), "export", scheme, after={"format": "xlsx"})
    return as_file(f"{safe_name(str(scheme))}.xlsx", lambda path: write_tree(path, scheme))
