"""Sign-in in one or two steps, and sign-out."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.identity import signing_in
from anlan.engines.identity.fields import PasswordField, data, take
from anlan.engines.identity.marks import personal, public
from anlan.kernel.errors import Rejected

NEXT = "sign_in_next"


class SignInForm(forms.Form):
    """Name or phone, and password."""

    username = forms.CharField(
        label="账号或手机号",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = PasswordField("密码", "current-password")


class CodeForm(forms.Form):
    """A one-time code."""

    code = forms.CharField(
        label="动态口令",
        max_length=6,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def safe_next(request: HttpRequest, wish: str) -> str:
    """Where to go after signing in: only addresses of this site."""
    safe = url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure())
    return wish if safe else "/"


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    wish = safe_next(request, request.GET.get("next", "/"))
    if request.user.is_authenticated:
        return redirect(wish)
    form = SignInForm(data(request))
    if form.is_valid():
        try:
            passed = signing_in.check(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except Rejected as error:
            take(form, error)
        else:
            return _go_on(request, passed, wish)
    status = 422 if form.is_bound else 200
    return render(request, "identity/sign_in.html", {"form": form, "next": wish}, status=status)


def _go_on(request: HttpRequest, passed: signing_in.Passed, wish: str) -> HttpResponse:
    if not passed.needs_code:
        signing_in.enter(request, passed.user)
        return redirect(wish)
    signing_in.begin_second_step(request, passed.user)
    request.session[NEXT] = wish
    return redirect("sign_in_code")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code from the authenticator."""
    user = signing_in.pending(request)
    if user is None:
        return redirect("sign_in")
    wish = request.session.get(NEXT, "/")
    form = CodeForm(data(request))
    if form.is_valid():
        try:
            signing_in.check_code(request, user, form.cleaned_data["code"])
            return redirect(safe_next(request, wish))
        except Rejected as error:
            take(form, error)
    return render(request, "identity/sign_in_code.html", {"form": form}, status=422 if form.is_bound else 200)


@personal
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; the browser forgets the pages it kept, not what waits sealed to be sent."""
    signing_in.leave(request, bool(request.POST.get("idle")))
    response = redirect(reverse("sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
