"""The ledger of safety posts, and handing one over with what is open on its desk (D09.3, S05.2)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db import transaction

from anlan.base.people import CONTACT, Person
from anlan.base.posts import PostHolder, end_post, is_held
from anlan.base.roles import ABOVE, rights
from anlan.engines.audit.api import Actor, create
from anlan.engines.registry.api import Ledger, act, ledger
from anlan.engines.tasks.api import succeed
from anlan.kernel import clock
from anlan.kernel.errors import Rejected


def hand_over_post(actor: Actor, holder: PostHolder, values: dict[str, Any]) -> PostHolder:
    """Another person takes the post from today; with ``move_tasks`` what is open on the former's desk goes along.

    Rejected for somebody of another unit or who left.
    """
    successor: Person = values["person"]
    said = {"deputy": holder.deputy, "duty": holder.duty, "starts_on": clock.today()}
    if successor.org_id != holder.org_id:
        raise Rejected({"person": "只能交给本单位人员"})
    with transaction.atomic():
        end_post(actor, holder)
        made = create(actor, PostHolder(org=holder.org, post=holder.post, person=successor, **said))
        former, later = holder.person.account, successor.account
        if values.get("move_tasks") and former and later:
            succeed(actor, holder.org, former, later, f"{holder.post}交接")
    return made


class HandOverForm(forms.Form):
    """Who takes over, and whether the open tasks go along."""

    person = forms.ModelChoiceField(Person.unguarded.none(), label="接任人")
    move_tasks = forms.BooleanField(label="同时移交尚未办结的任务和待办", required=False, initial=True)

    @classmethod
    def for_record(cls, record: PostHolder, *sent: Any) -> "HandOverForm":
        """With the other people of the unit."""
        form = cls(*sent)
        rows = Person.unguarded.filter(org=record.org, archived_at=None).exclude(pk=record.person_id)
        form.fields["person"].queryset = rows.order_by("pinyin")  # type: ignore[attr-defined]
        return form


@ledger
class PostHolders(Ledger):
    """Who is responsible where; history stays."""

    code = "base.posts"
    model = PostHolder
    title = "安全责任人"
    noun = "人次"
    area, group, order = "base", "人员", 60
    columns = "person org post deputy duty phone starts_on ends_on"
    filters = "post org"
    search = "person__name person__pinyin org__name duty"
    key = "org post person starts_on"
    form = "org post person deputy duty phone starts_on ends_on"
    masked = {"phone": "phone"}
    personal = {"phone": replace(CONTACT, retention="离任后三年", since="ends_on")}
    sort = "org__path"
    example = {"post": "safety_post.contact", "duty": "信息报送", "phone": "13800000000"}
    whose = "person deputy"
    roles = rights(
        " ".join((*ABOVE, "school_head", "school_safety")),
        "bureau_safety school_head school_safety",
        unmask="bureau_safety school_head school_safety",
    )

    @act("交接", "base.posts.edit", form=HandOverForm, icon="users", when=is_held)
    def hand_over(self, actor: Actor, record: PostHolder, values: dict[str, Any]) -> str:
        """Somebody else takes the post."""
        return hand_over_post(actor, record, values).get_absolute_url()

    @act("离任", "base.posts.edit", icon="x", when=is_held, effect="今天起不再担任，权限和待办随之转出")
    def end(self, actor: Actor, record: PostHolder, values: dict[str, Any]) -> None:
        """The holder leaves the post today."""
        end_post(actor, record)
