"""The message centre: list by kind, open and jump, mark as read, settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.engines.messaging.declaring import kinds
from anlan.engines.messaging.deliveries import Delivery
from anlan.engines.messaging.inbox import (
    Message,
    mark_read,
    message_of,
    messages_for,
    unread_by_kind,
    unread_count,
)
from anlan.engines.messaging.opening import why_closed
from anlan.engines.messaging.preferences import MessagePreference, PreferenceForm
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Choice, Crumb, Filter, View
from anlan.shell.responses import see_other
from anlan.shell.rows import Column

COLUMNS = (
    Column("title", "消息", "title", note=lambda message: message.text),
    Column("kind", "类别", "meta", value=lambda message: message.kind_title, on_phone="inline"),
    Column("org", "单位", "meta", on_phone="inline"),
    Column("created_at", "时间", "moment", on_phone="inline"),
    Column(
        "read_at",
        "状态",
        "chip",
        value=lambda message: ("idle", "已读") if message.read_at else ("todo", "未读"),
        on_phone="end",
    ),
)
TITLE = "消息"


def _kind_filter(chosen: str, unread: dict[str, int]) -> Filter:
    options = [
        Choice(
            kind.code,
            f"{kind.title}（{unread[kind.code]}）" if kind.code in unread else kind.title,
            checked=kind.code == chosen,
        )
        for kind in kinds
    ]
    shown = kinds[chosen].title if chosen in kinds else ""
    return Filter("kind", "类别", options, shown, multiple=False)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's messages."""
    user, kind, only_unread = request.user, request.GET.get("kind", ""), request.GET.get("view") == "unread"
    q = request.GET.get("q", "").strip()
    rows, unread = messages_for(user), unread_by_kind(user)
    total = sum(unread.values())
    rows = rows.filter(kind=kind) if kind in kinds else rows
    rows = rows.filter(read_at=None) if only_unread else rows
    rows = rows.filter(title__icontains=q) if q else rows
    here = reverse("messages:inbox")
    return list_page(
        request,
        TITLE,
        rows,
        COLUMNS,
        link=lambda message: reverse("messages:open", args=[message.pk]),
        lede=f"未读 {total} 条。" if total else "没有未读消息。",
        views=[
            View("全部", here, current=not only_unread),
            View("未读", f"{here}?view=unread", total, only_unread),
        ],
        keep=[("view", "unread")] if only_unread else [],
        filters=[_kind_filter(kind, unread)],
        set_count=int(kind in kinds),
        q=q,
        q_hint="搜标题",
        actions=[
            *([Action("全部标为已读", post=reverse("messages:read_all"), icon="check")] if total else []),
            Action("提醒设置", reverse("messages:settings"), icon="settings"),
        ],
        empty={"title": "没有消息", "text": "有新的事情会出现在这里。", "art": "sun"},
    )


@require_GET
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and jump to the matter; where it can no longer be seen, stay and say why."""
    message = message_of(request.user, pk)
    mark_read(request.user, [message.pk])
    closed = why_closed(request, message.url) if message.url else ""
    if message.url and not closed:
        return redirect(message.url)
    return render(request, "shell/record.html", _message_page(message, closed))


def _message_page(message: Message, closed: str) -> dict[str, object]:
    banners = [{"tone": "back", "text": closed}] if closed else []
    failed = message.deliveries.filter(state=Delivery.State.FAILED)
    banners += [{"tone": "idle", "text": f"{row.channel_title}未送达，已转站内消息。"} for row in failed]
    return {
        "title": message.title,
        "crumbs": [Crumb(TITLE, reverse("messages:inbox")), Crumb(message.kind_title)],
        "subtitle": " · ".join(filter(None, [message.kind_title, str(message.org or "")])),
        "banners": banners,
        "sections": [{"title": "内容", "id": "text", "html": message.text or message.title}],
    }


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message of the person as read."""
    mark_read(request.user)
    return see_other(request, "messages:inbox")


@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """The number alone, for the bell."""
    return HttpResponse(str(unread_count(request.user)), content_type="text/plain")


@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Quiet hours and kinds kept off the phone."""
    stored = MessagePreference.objects.filter(user=request.user.pk).first()
    chosen = stored or MessagePreference(user=request.user)  # type: ignore[misc]
    form = PreferenceForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        form.save()
        return see_other(request, "messages:inbox")
    context = {
        "title": "提醒设置",
        "lede": "站内消息总会收到；这里管短信和微信。紧急消息不受免打扰限制。",
        "crumbs": [Crumb(TITLE, reverse("messages:inbox")), Crumb("提醒设置")],
        "form": form,
        "primary": "保存设置",
    }
    return render(request, "shell/form.html", context, status=422 if form.errors else 200)
