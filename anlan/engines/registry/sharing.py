"""Sharing records and data sets with linked agencies, and their answers (P.03)."""

from datetime import date
from typing import Any

from django.db import models, transaction

from anlan.engines.audit.api import Actor, log, validate
from anlan.engines.messaging.api import declare_event, declare_kind, holders, send
from anlan.engines.org.api import (
    GIVE_SHARES,
    RECEIVE_SHARES,
    Kind,
    OrgUnit,
    Record,
    Share,
    scope,
    shares_for,
)
from anlan.engines.registry.access import one
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.share_answers import ShareAnswer
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

declare_kind("share", "部门协同")
declare_event("share.given", "share", "共享给本部门：{title}", "{reason}", channels="sms wechat")
declare_event("share.answered", "share", "{agency}答复：{title}", "{text}")


def agencies_for(user: Any, unit: OrgUnit) -> models.QuerySet[OrgUnit]:
    """Agencies linked to a unit above ``unit``, as far as the person's right to share reaches."""
    rows = OrgUnit.objects.filter(
        kind=Kind.AGENCY, closed_on=None, parent__code__in=unit.ancestor_codes()
    ).order_by("path")
    found = scope(user, GIVE_SHARES)
    inside = models.Q(pk__in=[])
    for path in found.paths:
        inside |= models.Q(path__startswith=path)
    return rows.filter(inside)


def share_record(
    actor: Actor, record: Record, agency: OrgUnit, reason: str, ends_on: date | None = None
) -> Share:
    """Let the agency see this record. Rejected for an agency of another area or one that sees it already."""
    share = Share(
        model=record._meta.label_lower, object_id=record.pk, unit=record.org, title=str(record)[:200]
    )
    return _give(actor, share, agency, reason, ends_on)


def share_set(
    actor: Actor, ledger: Ledger, unit: OrgUnit, agency: OrgUnit, *, reason: str, ends_on: date | None = None
) -> Share:
    """Let the agency see every record of the ledger's kind at and below the unit, those to come as well."""
    if not ledger.model.SHAREABLE:
        raise Rejected({"ledger": "这种数据不能共享"})
    if not scope(actor.user, ledger.permission("view")).covers(unit.path):
        raise Forbidden(ledger.permission("view"), "不能共享自己看不到的数据")
    share = Share(
        model=ledger.model._meta.label_lower, unit=unit, title=f"{unit}的全部{ledger.noun or ledger.title}"
    )
    return _give(actor, share, agency, reason, ends_on)


@transaction.atomic
def _give(actor: Actor, share: Share, agency: OrgUnit, reason: str, ends_on: date | None) -> Share:
    if not scope(actor.user, GIVE_SHARES).covers(share.unit.path):
        raise Forbidden(GIVE_SHARES)
    if not agencies_for(actor.user, share.unit).filter(pk=agency.pk).exists():
        raise Rejected({"agency": "只能共享给本地区的联动部门"})
    share.agency, share.reason, share.ends_on, share.shared_by = agency, reason, ends_on, actor.user
    validate(share)
    share.save()
    log(actor, "share.give", share, path=share.unit.path, after=_values(share), reason=reason)
    said = {"title": share.title, "reason": reason}
    people = holders(agency, permission=RECEIVE_SHARES, at_unit=True)
    send("share.given", people, key=f"share:{share.pk}", url=f"/shares/{share.pk}/", org=agency, context=said)
    return share


def _values(share: Share) -> dict[str, Any]:
    what = {"model": share.model, "object_id": share.object_id, "unit": share.unit.code}
    return what | {"agency": share.agency.code, "ends_on": share.ends_on}


def visible_shares(user: Any) -> models.QuerySet[Share]:
    """Shares of the units the person shares for, whatever their state; for a liaison those in force."""
    given = Share.objects.filter(scope(user, GIVE_SHARES).condition("unit"))
    rows = given | Share.objects.filter(pk__in=shares_for(user).values("pk"))
    return rows.select_related("agency", "unit", "shared_by").order_by("-pk")


@transaction.atomic
def end_share(actor: Actor, share: Share) -> None:
    """Take the share back; the agency loses sight with its next request. Conflict where it ended before."""
    if not scope(actor.user, GIVE_SHARES).covers(share.unit.path):
        raise Forbidden(GIVE_SHARES)
    if not Share.objects.filter(pk=share.pk, ended_at=None).update(ended_at=clock.now()):
        raise Conflict("这项共享已经收回")
    log(actor, "share.end", share, path=share.unit.path, before=_values(share))


@transaction.atomic
def answer(actor: Actor, ledger: Ledger, record: Record, text: str) -> ShareAnswer:
    """The agency's words on a record shared with it. Missing where it is not, Rejected for empty words."""
    one(ledger, actor.user, record.pk)
    share = share_of(actor.user, record)
    if share is None:
        raise Forbidden(RECEIVE_SHARES)
    if not text.strip():
        raise Rejected({"text": "请填写答复"})
    said = ShareAnswer.objects.create(share=share, object_id=record.pk, user=actor.user, text=text.strip())
    log(actor, "share.answer", record, after={"agency": share.agency.code, "text": said.text})
    words = {"agency": str(share.agency), "title": str(record), "text": said.text}
    people = [share.shared_by] if share.shared_by else []
    send("share.answered", people, record, key=f"answer:{said.pk}", url=ledger.url_of(record), context=words)
    return said


def share_of(user: Any, record: Record) -> Share | None:
    """The share in force through which the person sees the record; one of the record itself before a set."""
    mine = shares_for(user).filter(model=record._meta.label_lower)
    own = models.Q(object_id=record.pk) | models.Q(object_id=None, unit__code__in=record.org.ancestor_codes())
    rows = mine.filter(own).select_related("agency", "shared_by")
    return rows.order_by(models.F("object_id").asc(nulls_last=True)).first()


def shares_of(record: Record) -> models.QuerySet[Share]:
    """Shares in force of the record itself."""
    rows = Share.in_force().filter(model=record._meta.label_lower, object_id=record.pk)
    return rows.select_related("agency", "shared_by")


def answers_of(record: Record) -> models.QuerySet[ShareAnswer]:
    """What agencies said about the record."""
    rows = ShareAnswer.objects.filter(share__model=record._meta.label_lower, object_id=record.pk)
    return rows.select_related("share__agency", "user")
