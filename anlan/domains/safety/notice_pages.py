"""Pages of notices beside their ledgers: the way to the own copy, and all answers with their files (D06.3)."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from anlan.domains.safety.audiences import PUBLISH
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notice_registers import NoticeCopies
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.receiving import own_copy
from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import Attachment, attachments_of_many
from anlan.engines.org.api import require
from anlan.engines.registry.api import MASKED, Listing, ledgers, writers
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected

MOST, SPOOLED = 500 * 1024 * 1024, 4 * 1024 * 1024


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead an addressee to the copy of the own unit; the sender to the notice."""
    return redirect(own_copy(request.user, pk).get_absolute_url())


@require_safe
def replies(request: HttpRequest, pk: int) -> FileResponse:
    """One archive: the table of answers, and a folder per unit with its files; written down."""
    found = require(request.user, PUBLISH)
    notice: Notice = (
        Notice.objects.visible(request.user, "safety.notices.view").select_related("org").one(pk=pk)
    )
    if not found.covers(notice.org.path):
        raise Forbidden(PUBLISH)
    ledger = ledgers[NoticeCopies.code]
    copies = list(Listing(ledger, request.user, QueryDict(f"notice={pk}"), "export").sorted)
    files = attachments_of_many(copies)
    if sum(item.file.size for rows in files.values() for item in rows) > MOST:
        raise Rejected({"": "附件超过 500 MB，请按学校分别下载"})
    # Beyond this size it lies on disk; the answer closes it.
    packed = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("反馈汇总.xlsx", _table(Actor.of(request), copies))
        for name, item in _named(copies, files):
            archive.write(item.file.path, name)
    log(Actor.of(request), "export", notice, after={"rows": len(copies)})
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"反馈-{notice.title[:40]}.zip")


def _table(actor: Actor, copies: list[NoticeCopy]) -> bytes:
    ledger = ledgers[NoticeCopies.code]
    heads = [item.title for item in ledger.column_data]
    cells: Iterator[list[Any]] = ([MASKED.plain(item, row) for item in ledger.column_data] for row in copies)
    moment = clock.now().astimezone(clock.zone())
    return writers["xlsx"].write(
        ledger.title, heads, cells, f"导出人：{actor.name}；时间：{moment:%Y-%m-%d %H:%M}"
    )


def _named(copies: list[NoticeCopy], files: dict[int, list[Attachment]]) -> Iterator[tuple[str, Attachment]]:
    for copy in copies:
        for number, item in enumerate(files.get(copy.pk, ()), 1):
            yield f"{copy.org.name}-{copy.org.code}/{number}-{item.name}".replace("\\", "_"), item
