"""Sending: an event becomes one message per addressee with its deliveries, in one transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from anlan.engines.messaging.channels import channels
from anlan.engines.messaging.declaring import EventDeclaration, declared_events
from anlan.engines.messaging.deliveries import Delivery
from anlan.engines.messaging.inbox import Message
from anlan.engines.messaging.preferences import preferences_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock


def send(
    code: str,
    addressees: Iterable[Any],
    record: models.Model | None = None,
    *,
    url: str = "",
    key: str = "",
    org: OrgUnit | None = None,
    context: Mapping[str, Any] | None = None,
) -> int:
    """Send the declared event ``code`` to people (see :func:`holders`); returns how many messages are new.

    ``record`` gives the unit, the link and, with its version, the ``key``: the same key reaches a person
    once, however often it is sent. ``context`` fills the templates; ``{record}`` is always there. Without a
    record ``key`` must be given.
    """
    event = declared_events[code]
    users = list({user.pk: user for user in addressees if user.is_active}.values())
    if not users:
        return 0
    words = {"record": str(record) if record is not None else "", **(context or {})}
    made = Message(
        event=code,
        kind=event.kind,
        title=event.title.format_map(words)[:200],
        text=event.text.format_map(words),
        url=url or _url_of(record),
        org=org or getattr(record, "org", None),
        model=record._meta.label_lower if record is not None else "",
        object_id=record.pk if record is not None else None,
        key=key or _key_of(code, record),
        urgent=event.urgent,
        created_at=clock.now(),
    )
    with transaction.atomic():
        return _store(made, users, event)


def _url_of(record: models.Model | None) -> str:
    page = getattr(record, "get_absolute_url", None)
    return str(page()) if page else ""


def _key_of(code: str, record: models.Model | None) -> str:
    if record is None:
        raise ValueError(f"{code}: a message without a record needs a key")
    return f"{code}:{record._meta.label_lower}:{record.pk}:{getattr(record, 'version', 0)}"


def _store(made: Message, users: list[Any], event: EventDeclaration) -> int:
    known = set(Message.objects.filter(key=made.key, addressee__in=users).values_list("addressee", flat=True))
    fresh = [user for user in users if user.pk not in known]
    values = {f.attname: getattr(made, f.attname) for f in Message._meta.concrete_fields if f.name != "id"}
    rows = [Message(**values | {"addressee_id": user.pk}) for user in fresh]
    Message.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if event.channels and fresh:
        _queue(made.key, event, fresh)
    return len(fresh)


def _queue(key: str, event: EventDeclaration, users: list[Any]) -> None:
    stored = Message.objects.filter(key=key, addressee__in=users).in_bulk()
    by_person = {message.addressee_id: message for message in stored.values()}
    chosen, rows = preferences_of(users), []
    for user in users:
        for code in event.channels:
            channel = channels.get(code)
            if channel is None or not channel.address(user) or channel.backend() is None:
                continue
            if not event.urgent and not chosen[user.pk].allows(code, event.kind):
                continue
            at = clock.now() if event.urgent else chosen[user.pk].free_from(clock.now())
            rows.append(Delivery(message=by_person[user.pk], channel=code, next_at=at))
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
