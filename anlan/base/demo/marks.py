"""The mark that a database holds demo data, and the refusal to mix it with real data."""

from django.conf import settings
from django.db import models

from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict


class DemoLoad(models.Model):
    """Set once by the demo load; pages then say 演示数据."""

    loaded_at = models.DateTimeField(default=clock.now)
    seed = models.IntegerField()


def is_demo() -> bool:
    """Whether this database holds the demo county."""
    return DemoLoad.objects.exists()


def refuse_unless_empty() -> None:
    """Conflict where demos are not allowed or the database holds anything of its own."""
    if not getattr(settings, "DEMO_ALLOWED", False):
        raise Conflict("这个站点不允许装入演示数据（设置 ANLAN_DEMO=1 后再试）")
    if is_demo():
        raise Conflict("演示数据已经装入")
    if OrgUnit.objects.exists() or User.objects.exists():
        raise Conflict("数据库里已有正式数据，不能装入演示数据")
