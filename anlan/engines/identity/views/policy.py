"""The security policy of the site."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.confirming import confirmed
from anlan.engines.identity.fields import data
from anlan.engines.identity.marks import needs
from anlan.engines.identity.notes import note
from anlan.engines.identity.policy import SecurityPolicy


class PolicyForm(forms.ModelForm[SecurityPolicy]):
    """Every setting within its bounds."""

    class Meta:
        model = SecurityPolicy
        exclude = ()
        widgets = {"second_factor_roles": forms.CheckboxSelectMultiple({"class": "form-check-input"})}


@needs("identity.policy.edit")
@require_http_methods(["GET", "POST"])
@confirmed
def policy(request: SignedRequest) -> HttpResponse:
    """The security policy."""
    current = SecurityPolicy.current()
    before = {
        name: getattr(current, name) for name in PolicyForm.base_fields if name != "second_factor_roles"
    }
    form = PolicyForm(data(request), instance=current)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            after = {name: form.cleaned_data[name] for name in form.changed_data if name in before}
            changed = [name for name in form.changed_data if name in before]
            roles = [str(item) for item in form.cleaned_data["second_factor_roles"]]
            note(
                "policy.change",
                current,
                before={name: before[name] for name in changed},
                after={**after, "second_factor_roles": roles},
            )
        messages.success(request, "安全策略已保存", "done")
        return redirect("policy")
    context = {
        "title": "安全策略",
        "form": form,
        "lede": "改动立即对所有人生效，并记入审计。",
        "primary": "保存策略",
    }
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)
