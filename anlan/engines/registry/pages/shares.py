"""Shares with linked agencies: what was shared with whom, a data set shared anew, a share taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import SignedRequest, needs, offer_units, personal, refused_at, unit_choice
from anlan.engines.org.api import GIVE_SHARES, SEE_SHARES, OrgUnit, Share, may, require, scope
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledger_of, ledgers
from anlan.engines.registry.sharing import agencies_for, end_share, share_set, visible_shares
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.deadlines import moment_words
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb, Fact
from anlan.shell.rows import Column

LIST = Crumb("部门共享", "/shares/")
COLUMNS = [
    Column("title", "事项", "title", note=lambda share: share.reason),
    Column("agency", "联动部门", on_phone="inline"),
    Column("unit", "单位", "meta"),
    Column("state", "状态", "chip", on_phone="end"),
    Column("shared_at", "共享时间", "moment", on_phone="inline"),
    Column("until", "共享至", value=lambda share: share.ends_on or "不限", on_phone="hide"),
]


@personal
@require_safe
def shares(request: SignedRequest) -> HttpResponse:
    """What one shared, or what was shared with one's agency."""
    giving = may(request.user, GIVE_SHARES)
    if not giving:
        require(request.user, SEE_SHARES)
    return list_page(
        request,
        "部门共享",
        visible_shares(request.user),
        COLUMNS,
        link=lambda share: reverse("share", args=[share.pk]),
        lede="对方只能看到共享的事项和数据，可以答复，看不到其他记录。"
        if giving
        else "共享给本部门的事项和数据。",
        actions=[Action("共享一批数据", reverse("share_new"), "primary")] if giving else [],
        empty={"title": "还没有共享", "text": "单条记录在它的页面上共享。"},
    )


offer_units(GIVE_SHARES)


def shareable(user: Any) -> list[Ledger]:
    """Ledgers whose data sets the person may share."""
    return [
        ledger
        for ledger in ledgers
        if ledger.model.SHAREABLE and not ledger.readonly and may(user, ledger.permission("view"))
    ]


class SetForm(forms.Form):
    """Which data of which units, with whom, why, until when."""

    ledger = forms.ChoiceField(label="数据")
    agency = forms.ModelChoiceField(OrgUnit.objects.none(), label="联动部门")
    reason = forms.CharField(label="共享事由", max_length=200)
    ends_on = forms.DateField(label="共享至", widget=forms.DateInput(format="%Y-%m-%d"))

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        found = scope(user, GIVE_SHARES)
        chosen, data = self.fields["agency"], self.fields["ledger"]
        tops = OrgUnit.objects.filter(path__in=found.paths)
        agencies = [agency.pk for top in tops for agency in agencies_for(user, top)]
        chosen.queryset = OrgUnit.objects.filter(pk__in=agencies)  # type: ignore[attr-defined]
        data.choices = [(item.code, item.title) for item in shareable(user)]  # type: ignore[attr-defined]
        self.fields["unit"] = unit_choice(GIVE_SHARES, user, "哪个单位及其下级")
        self.order_fields(["ledger", "unit", "agency", "ends_on", "reason"])


@needs(GIVE_SHARES)
@require_http_methods(["GET", "POST"])
def share_new(request: SignedRequest) -> HttpResponse:
    """Share a data set."""
    form = SetForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = dict(form.cleaned_data)
        kind = next(item for item in shareable(request.user) if item.code == said.pop("ledger"))
        try:
            made = share_set(Actor.of(request), kind, **said)
            messages.success(request, "已共享", "done")
            return redirect("share", made.pk)
        except Rejected as error:
            refused_at(form, error)
    context = {
        "title": "共享一批数据",
        "form": form,
        "crumbs": [LIST, Crumb("共享一批数据")],
        "primary": "共享",
    }
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def _one(request: SignedRequest, pk: int) -> Share:
    found = visible_shares(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@personal
@require_safe
def share(request: SignedRequest, pk: int) -> HttpResponse:
    """One share: what it opens, why, until when."""
    found = _one(request, pk)
    tone, word = found.state
    open_it = [Action("打开", url, "primary")] if (url := _address(found)) and word == "共享中" else []
    mine = scope(request.user, GIVE_SHARES).covers(found.unit.path)
    end = Action(
        "收回共享",
        post=reverse("share_end", args=[pk]),
        kind="danger",
        confirm=f"收回给{found.agency}的共享",
        effect="对方下一次点击就看不到了",
    )
    facts = [
        Fact("联动部门", found.agency),
        Fact("单位", found.unit),
        Fact("事由", found.reason),
        Fact("共享人", found.shared_by or ""),
        Fact("共享时间", moment_words(found.shared_at)),
        Fact("共享至", found.ends_on or "不限"),
    ]
    context = {
        "title": found.title,
        "crumbs": [LIST, Crumb(found.title)],
        "tone": tone,
        "state": word,
        "actions": [*open_it, *([end] if mine and word != "已收回" else [])],
        "sections": [{"title": "共享情况", "id": "facts", "facts": facts}],
    }
    return render(request, "shell/record.html", context)


def _address(found: Share) -> str:
    kind = next((item for item in ledgers if item.model._meta.label_lower == found.model), None)
    home = ledger_of(kind.model) if kind else None
    if home is None:
        return ""
    return home.url if found.object_id is None else home.url_of(found.object_id)


@needs(GIVE_SHARES)
@require_POST
def share_end(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a share back."""
    end_share(Actor.of(request), _one(request, pk))
    messages.success(request, "已收回，对方下一次点击就看不到了", "done")
    return redirect("shares")
