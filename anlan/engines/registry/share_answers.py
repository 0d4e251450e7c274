"""What linked agencies said about records shared with them (P.03)."""

from django.conf import settings
from django.db import models

from anlan.engines.org.api import Share
from anlan.kernel import clock


class ShareAnswer(models.Model):
    """What an agency said about a record shared with it; said once, never changed."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="answers")
    object_id = models.BigIntegerField(db_index=True)
    text = models.TextField("答复")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "部门答复"
        ordering = ["pk"]
