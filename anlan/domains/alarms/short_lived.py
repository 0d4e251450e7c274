"""Whereabouts of people are kept for a short time only (NF.220)."""

from django.db.models import Q

from anlan.domains.alarms.feed_records import HELD, HeldRecord
from anlan.engines.archives.api import short_lived

RELEASED = HeldRecord.unguarded.exclude(record=None).values("record")

short_lived("alarms.HeldRecord", "whereabouts", "day", ~Q(state=HELD))
short_lived("alarms.FeedRecord", "whereabouts", "day", ~Q(pk__in=RELEASED))
short_lived("alarms.Passing", "whereabouts", "at")
