"""Addresses files leave from: exports of lists, PDF of records, finished exports."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.identity.api import demand
from anlan.engines.org.api import require
from anlan.engines.output.choosing import ExportForm, kept_words, lines, names_in_order, query_of
from anlan.engines.output.exporting import LIST, Wish, export_job, is_large, make, start
from anlan.engines.output.exports import drop_export, exports_of, take_export
from anlan.engines.output.paper import pdf_of_records
from anlan.engines.output.sending import as_download
from anlan.engines.registry.api import Ledger, ledgers, one, writers
from anlan.engines.tasks.api import job_card, jobs_of
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other

TOGETHER = 50
EXPORTING = f"{export_job.__module__}.{export_job.__qualname__}"


def _wish(request: HttpRequest, code: str, reason: str = "") -> Wish:
    return Wish(
        code,
        query_of(request.GET).urlencode(),
        request.GET.get("format", "xlsx"),
        request.GET.get("layout", LIST),
        reason,
        " ".join(names_in_order(request.GET)),
    )


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """Which schools, which columns in which order, which format; sent with ``go`` it answers with the file."""
    ledger = ledgers[code]
    require(request.user, ledger.permission("export"))
    sent = "go" in request.GET
    form = ExportForm(ledger, request.user, request.GET, sent)
    if sent and form.is_valid():
        return _send(request, _wish(request, code))
    context = {
        "title": f"导出{ledger.title}",
        "form": form,
        "kept": kept_words(form, request.GET),
        "lines": lines(ledger, request.user, request.GET if sent else None),
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb("导出")],
    }
    return render(request, "output/choose.html", context, status=422 if form.errors else 200)


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """The list as filtered, as a file; a large one becomes a job whose message brings the file."""
    return _send(request, _wish(request, code))


def export_full(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """The same with personal data in full: asks for the reason (GET), writes it down and sends (POST)."""
    ledger = ledgers[code]
    require(request.user, ledger.permission("export"))
    require(request.user, ledger.permission("unmask"))
    if request.method != "POST":
        context = {"ledger": ledger, "writers": list(writers), "crumbs": [Crumb(ledger.title, ledger.url)]}
        return render(request, "output/full.html", context)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        log(
            Actor.of(request),
            "export",
            title=ledger.title,
            path=getattr(request.user, "path", ""),
            succeeded=False,
        )
        raise Rejected({"reason": "请写明导出理由"})
    if asked := demand(request):
        return asked
    return _send(request, _wish(request, code, reason[:200]))


def _send(request: HttpRequest, wish: Wish) -> HttpResponse | FileResponse:
    actor = Actor.of(request)
    ledger = wish.ledger
    if is_large(actor, wish):
        job = start(actor, wish)
        context = {"job": job, "ledger": ledger, "crumbs": [Crumb(ledger.title, ledger.url), Crumb("导出")]}
        return render(request, "output/queued.html", context, status=202)
    content, _ = make(actor, wish)
    return as_download(wish.file_name, content)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The person's exports: what is being made, what waits, until when."""
    jobs = jobs_of(request.user).filter(code=EXPORTING, state__in=("queued", "running"))
    files = exports_of(request.user)
    lede = (
        f"{len(files)} 个文件可以下载：每个只能下载一次，下载后立即删除；没有下载的保留 24 小时。"
        if files
        else "没有可以下载的文件。"
    )
    context = {"jobs": [job_card(job) for job in jobs], "files": files, "lede": lede}
    return render(request, "output/exports.html", context)


@require_safe
def fetch(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An own finished export, once."""
    name, content = take_export(request.user, uid)
    return as_download(name, content)


@require_POST
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Away with an own export."""
    name = drop_export(request.user, uid)
    messages.success(request, f"已删除“{name}”")
    return see_other(request, "/exports/")


@require_safe
def record_pdf(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One record on paper."""
    ledger = ledgers[code]
    return _papers(request, ledger, [pk])


@require_http_methods(["GET", "HEAD", "POST"])
def records_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Several records in one document, each on a new page: ``chosen=1&chosen=2``, asked or from the bulk bar."""
    return _papers(request, ledgers[code], chosen_keys(request, TOGETHER))


def chosen_keys(request: HttpRequest, most: int) -> list[int]:
    """Keys of the rows chosen, in order; Rejected for none or more than ``most``."""
    asked = request.POST if request.method == "POST" else request.GET
    said = [int(pk) for pk in asked.getlist("chosen") if pk.isdecimal() and len(pk) < 18]
    chosen = list(dict.fromkeys(said))
    if not 0 < len(chosen) <= most:
        raise Rejected({"chosen": f"请选择 1 至 {most} 条"})
    return chosen


def _papers(request: HttpRequest, ledger: Ledger, chosen: list[int]) -> HttpResponse:
    records = [one(ledger, request.user, pk) for pk in chosen]
    content = pdf_of_records(Actor.of(request), ledger, records)
    name = f"{ledger.title}-{records[0].pk}.pdf" if len(records) == 1 else f"{ledger.title}.pdf"
    return as_download(name, content, "application/pdf")
