"""The outbox: deliveries by channel, tried with growing pauses; what fails stays in the inbox."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.messaging.channels import ChannelFailed, Parcel, channels
from anlan.engines.messaging.inbox import Message
from anlan.kernel import clock

MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)
BATCH = 200


class Delivery(models.Model):
    """One message on one channel."""

    class State(models.TextChoices):
        """Where the delivery stands."""

        QUEUED = "queued", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达，已转站内"

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次发送", default=clock.now)
    error = models.CharField("原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True)

    class Meta:
        verbose_name = "发送记录"
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="messaging_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="messaging_delivery_queue", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.get_state_display()}"

    @property
    def channel_title(self) -> str:
        """The channel in words."""
        channel = channels.get(self.channel)
        return channel.title if channel else self.channel


def deliver_due() -> int:
    """Try every delivery whose time has come; returns how many were handed over. Safe to run twice."""
    waiting = Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__lte=clock.now())
    return sum(_deliver(pk) for pk in list(waiting.order_by("next_at").values_list("pk", flat=True)[:BATCH]))


def _lease(pk: int) -> Delivery | None:
    now = clock.now()
    mine = Delivery.objects.filter(pk=pk, state=Delivery.State.QUEUED, next_at__lte=now)
    if not mine.update(next_at=now + LEASE, attempts=models.F("attempts") + 1):
        return None
    return Delivery.objects.select_related("message__addressee").get(pk=pk)


def _deliver(pk: int) -> bool:
    delivery = _lease(pk)
    if delivery is None:
        return False
    try:
        _hand_over(delivery)
    except ChannelFailed as failure:
        _failed(delivery, failure)
        return False
    Delivery.objects.filter(pk=pk).update(state=Delivery.State.SENT, sent_at=clock.now(), error="")
    return True


def _hand_over(delivery: Delivery) -> None:
    channel, message = channels.get(delivery.channel), delivery.message
    backend = channel.backend() if channel else None
    address = channel.address(message.addressee) if channel else ""
    if backend is None or not address:
        raise ChannelFailed("渠道未启用或没有号码", lasting=True)
    url = f"{settings.SITE_URL}{message.url}" if message.url and settings.SITE_URL else ""
    backend.hand_over(Parcel(f"anlan-{delivery.pk}", address, message.title, message.text, url))


def _failed(delivery: Delivery, failure: ChannelFailed) -> None:
    """Pause and try again, or give up: then the inbox shows the message as unread with the reason."""
    over = failure.lasting or delivery.attempts >= MAX_ATTEMPTS
    state = Delivery.State.FAILED if over else Delivery.State.QUEUED
    pause = FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, error=str(failure)[:200], next_at=clock.now() + pause
    )
