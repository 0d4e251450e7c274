"""A person's own account: password, open sessions, second factor, duty."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.engines.identity import acting, managing, passwords, second_factor, setup
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.fields import PasswordField, data, take
from anlan.engines.identity.marks import personal
from anlan.engines.identity.middleware import sign_in_of
from anlan.engines.identity.sessions import SignIn, open_sessions
from anlan.engines.identity.views.told import told_once
from anlan.kernel.errors import Missing, Rejected


class PasswordForm(forms.Form):
    """The present password, and the new one twice."""

    old = PasswordField("现在的密码", "current-password")
    new = PasswordField("新密码", "new-password")
    again = PasswordField("再输一次新密码", "new-password")

    def clean_again(self) -> str:
        """Refuse two different spellings."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次输入的新密码不一样")
        return again


@personal
@require_http_methods(["GET", "POST"])
def password_change(request: SignedRequest) -> HttpResponse:
    """Change one's password; everywhere signed out afterwards."""
    form = PasswordForm(data(request))
    if form.is_valid():
        try:
            passwords.change_password(request.user, form.cleaned_data["old"], form.cleaned_data["new"])
            messages.success(request, "密码已更改，请用新密码登录", "done")
            return redirect("sign_in")
        except Rejected as error:
            take(form, error)
    forced = setup.next_step(request) == "password_change"
    lede = "先换一个只有您知道的密码，然后才能打开其他页面。" if forced else "改完要在所有设备上重新登录。"
    context = {"title": "修改密码", "form": form, "lede": lede, "primary": "修改密码"}
    return render(request, "identity/setup.html", context, status=422 if form.is_bound else 200)


@personal
def own_account(request: SignedRequest) -> HttpResponse:
    """Who I am, where I am signed in, what I may switch on."""
    context = {
        "title": "我的账号",
        "person": request.user,
        "duties": acting.duties(request.user),
        "sessions": open_sessions(request.user),
        "here": sign_in_of(request),
        "factor": second_factor.active(request.user),
    }
    return render(request, "identity/own_account.html", context)


@personal
@require_safe
def session_keep(request: SignedRequest) -> HttpResponse:
    """Being asked keeps the session; tells who is here and the token forms need after a new sign-in."""
    return JsonResponse({"person": request.user.pk, "csrf": get_token(request)})


@personal
@require_POST
def end_session(request: SignedRequest, pk: int) -> HttpResponse:
    """Kick out one of one's own sessions, or one of an account one manages."""
    row = SignIn.objects.select_related("user__unit").filter(pk=pk).first()
    inside = row and (
        row.user_id == request.user.pk or managing.visible_accounts(request.user).contains(row.user)
    )
    if row is None or not inside:
        raise Missing
    managing.kick_out(request.user, row)
    own = row.user_id == request.user.pk
    return redirect(reverse("own_account") if own else reverse("account", args=[row.user_id]))


@personal
@require_POST
def duty(request: SignedRequest, pk: int) -> HttpResponse:
    """Work under one duty, or under all (0)."""
    acting.choose(request, pk or None)
    return redirect("/")


class FactorForm(forms.Form):
    """The first code from the new authenticator."""

    code = forms.CharField(
        label="App 显示的 6 位动态口令",
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


ENROLLING = "factor_secret"


@personal
@require_http_methods(["GET", "POST"])
def second_factor_page(request: SignedRequest) -> HttpResponse:
    """Set up an authenticator: scan, then prove it with a first code."""
    if second_factor.active(request.user):
        return redirect("own_account")
    form = FactorForm(data(request))
    if form.is_valid():
        try:
            second_factor.confirm(request.user, form.cleaned_data["code"])
            request.session.pop(ENROLLING, None)
            request.session.pop(setup.SETTLED, None)
            return redirect("own_account")
        except Rejected as error:
            take(form, error)
    return told_once(request, form)


@personal
@require_POST
def second_factor_off(request: SignedRequest) -> HttpResponse:
    """Switch the second factor off, with the password once more."""
    if not request.user.check_password(request.POST.get("password", "")):
        messages.error(request, "密码不对，没有关闭", "late")
        return redirect("own_account")
    second_factor.switch_off(request.user)
    return redirect("own_account")
