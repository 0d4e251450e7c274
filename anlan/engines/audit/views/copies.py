"""Copies of the trail: what there is, whether it is whole, and a copy to take along."""

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from anlan.engines.audit.actors import Actor
from anlan.engines.audit.backups import AuditBackup
from anlan.engines.audit.reading import EXPORT, VIEW
from anlan.engines.audit.writing import log
from anlan.engines.identity.api import SecurityPolicy, SignedRequest, needs
from anlan.engines.org.api import OrgUnit, scope
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.listing import list_page
from anlan.shell.rows import Column

COLUMNS = [
    Column("made_at", "备份时间", "moment", on_phone="inline"),
    Column("name", "文件", "title", value=str),
    Column("count", "记录数", "number", on_phone="inline"),
    Column("state", "状态", "chip", on_phone="end"),
]


def _sees_all(request: SignedRequest, permission: str) -> bool:
    found = scope(request.user, permission)
    roots = OrgUnit.objects.filter(parent=None).values_list("path", flat=True)
    return any(found.covers(path) for path in roots)


@needs(VIEW)
@require_safe
def copies(request: SignedRequest) -> HttpResponse:
    """The copies, newest first."""
    whole = _sees_all(request, EXPORT)
    days = SecurityPolicy.current().trail_days
    return list_page(
        request,
        "审计备份",
        AuditBackup.objects.all(),
        COLUMNS,
        link=(lambda copy: reverse("audit_copy", args=[copy.pk])) if whole else None,
        lede=f"每天夜里自动备份。在线保存 {days} 天，到期的记录有完好备份才移出。",
        empty={"title": "还没有备份", "text": "第一次备份在今晚。"},
    )


@needs(EXPORT)
@require_safe
def fetch(request: SignedRequest, pk: int) -> FileResponse:
    """One copy; that it was taken along is written down first."""
    if not _sees_all(request, EXPORT):
        raise Forbidden(EXPORT, "备份含所有单位的记录，只有最上级单位的审计管理员可以取走")
    found = AuditBackup.objects.filter(pk=pk).first()
    if found is None or not found.path.exists():
        raise Missing
    log(Actor.of(request), "audit.export", found, path=request.user.path, after={"rows": found.count})
    response = FileResponse(found.path.open("rb"), as_attachment=True, filename=str(found))
    response.headers["Cache-Control"] = "no-store"
    return response
