"""The page where a person keeps a signature, and the picture on it."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.files.own_signatures import forget_signature, keep_signature, own_signature
from anlan.engines.identity.api import ask, confirmed, personal, settle
from anlan.kernel.errors import Missing
from anlan.shell.responses import see_other
from anlan.shell.signing import SignatureField

PAGE = "/account/signature/"


class OwnSignatureForm(forms.Form):
    """The pad."""

    signature = SignatureField("签名", required=True, help_text="签在框里；以后签表单时输入登录密码就能用它")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def own_signature_page(request: HttpRequest) -> HttpResponse:
    """What is kept, and a pad for a new one; the password is asked for."""
    form = OwnSignatureForm(request.POST if request.method == "POST" else None)
    form.fields["signature"].widget.who = str(request.user)
    ask(request, form)
    if request.method == "POST" and form.is_valid():
        settle(request, form)
        if not form.errors:
            keep_signature(Actor.of(request), form.cleaned_data["signature"])
            messages.success(request, "签名已保存", "done")
            return see_other(request, PAGE)
    context = {"title": "我的签名", "form": form, "kept": own_signature(request.user)}
    return render(request, "files/own_signature.html", context, status=422 if form.errors else 200)


@personal
@confirmed
@require_http_methods(["POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Away with it."""
    forget_signature(Actor.of(request))
    messages.success(request, "签名已删除", "done")
    return see_other(request, PAGE)


@personal
@require_safe
def picture(request: HttpRequest) -> FileResponse:
    """The own picture; Missing where none is kept."""
    kept = own_signature(request.user)
    if kept is None or not kept.file.path.exists():
        raise Missing
    response = FileResponse(kept.file.path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
