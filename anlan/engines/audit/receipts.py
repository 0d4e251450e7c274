"""Receipts: one outcome per idempotency key, so that a double click or a replayed upload does its work
once.
"""

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from anlan.engines.audit.actors import Actor
from anlan.kernel import clock


class Receipt(models.Model):
    """``key`` as the client sent it, per person; ``outcome`` is what the first request came to (a URL or an
    id).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=64)
    outcome = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("user", Value(0), output_field=models.BigIntegerField()),
                "key",
                name="audit_receipt_once",
            )
        ]


def claim(actor: Actor, key: str) -> Receipt | None:
    """Inside the caller's transaction: a fresh receipt to fill, or None when the key was used before."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(user=actor.user, key=key)
    except IntegrityError:
        return None


def outcome_of(actor: Actor, key: str) -> str:
    """What the first request with this key came to; empty when it was never carried out."""
    return Receipt.objects.filter(user=actor.user, key=key).values_list("outcome", flat=True).first() or ""
