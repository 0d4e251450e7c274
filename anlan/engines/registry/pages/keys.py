"""API keys of a person: issued and shown once, listed, revoked; managers see and revoke those below them."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import SignedRequest, confirmed, needs, personal
from anlan.engines.org.api import may
from anlan.engines.registry.keys import ADD, EDIT, ApiKey, issue, revoke, visible_keys
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.deadlines import moment_words
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb, Fact
from anlan.shell.rows import Column

LONGEST, USUAL = timedelta(days=366), timedelta(days=180)
LIST = Crumb("接口密钥", "/account/keys/")
COLUMNS = [
    Column("title", "用途", "title", note=lambda key: f"{key.start}…"),
    Column("user", "账号", "meta", on_phone="inline"),
    Column("state", "状态", "chip", on_phone="end"),
    Column("expires_on", "有效期至", "date", on_phone="inline"),
    Column("used_at", "最近使用", "moment", on_phone="inline"),
]


@personal
@require_safe
def keys(request: SignedRequest) -> HttpResponse:
    """One's own keys, and those of the units one looks after."""
    if not (may(request.user, ADD) or may(request.user, EDIT)):
        raise Forbidden(ADD)
    new = [Action("签发密钥", reverse("api_key_new"), "primary")] if may(request.user, ADD) else []
    return list_page(
        request,
        "接口密钥",
        visible_keys(request.user),
        COLUMNS,
        link=lambda key: reverse("api_key", args=[key.pk]),
        lede="密钥的权限就是账号本人的权限，账号停用时一起失效。",
        actions=new,
        empty={"title": "还没有密钥", "text": "其他系统要用本人的权限读写数据时才需要签发。"},
    )


class KeyForm(forms.Form):
    """What the key is for, and until when it works."""

    title = forms.CharField(label="用途", max_length=40, help_text="写明用在哪个系统，便于以后清理")
    expires_on = forms.DateField(label="有效期至", widget=forms.DateInput(format="%Y-%m-%d"))

    def clean_expires_on(self) -> date:
        """Refuse a day gone by and more than a year."""
        day: date = self.cleaned_data["expires_on"]
        if not clock.today() <= day <= clock.today() + LONGEST:
            raise forms.ValidationError("最长一年，不能早于今天")
        return day


@needs(ADD)
@confirmed
@require_http_methods(["GET", "POST"])
def key_new(request: SignedRequest) -> HttpResponse:
    """Issue a key; it is shown once."""
    form = KeyForm(
        request.POST if request.method == "POST" else None, initial={"expires_on": clock.today() + USUAL}
    )
    if form.is_valid():
        key = issue(Actor.of(request), **form.cleaned_data)
        response = render(
            request, "registry/key_told.html", {"key": key, "crumbs": [LIST, Crumb("签发密钥")]}
        )
        add_never_cache_headers(response)
        return response
    context = {"title": "签发密钥", "form": form, "crumbs": [LIST, Crumb("签发密钥")], "primary": "签发密钥"}
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def _one(request: SignedRequest, pk: int) -> ApiKey:
    found = visible_keys(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@personal
@require_safe
def key(request: SignedRequest, pk: int) -> HttpResponse:
    """One key."""
    found = _one(request, pk)
    tone, word = found.state
    facts = [
        Fact("账号", f"{found.user}（{found.user.username}）"),
        Fact("密钥开头", f"{found.start}…"),
        Fact("签发", moment_words(found.created_at)),
        Fact("有效期至", found.expires_on or "不限"),
        Fact("最近使用", moment_words(found.used_at) if found.used_at else "从未使用"),
        Fact("吊销", moment_words(found.revoked_at) if found.revoked_at else ""),
    ]
    end = Action(
        "吊销密钥",
        post=reverse("api_key_revoke", args=[pk]),
        kind="danger",
        confirm=f"吊销“{found.title}”",
        effect="用它对接的系统立即连不上，不能恢复",
    )
    context = {
        "title": found.title,
        "crumbs": [LIST, Crumb(found.title)],
        "tone": tone,
        "state": word,
        "actions": [end] if word == "可用" else [],
        "sections": [{"title": "密钥", "id": "facts", "facts": facts}],
    }
    return render(request, "shell/record.html", context)


@personal
@require_POST
def key_revoke(request: SignedRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    revoke(Actor.of(request), _one(request, pk))
    messages.success(request, "密钥已吊销", "done")
    return redirect("api_keys")
