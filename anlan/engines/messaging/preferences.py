"""What a person has chosen: quiet hours, holidays, and kinds that stay in the inbox."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db import models

from anlan.engines.messaging.channels import channels
from anlan.engines.messaging.declaring import kinds
from anlan.kernel import clock

QUIET_FROM, QUIET_TO = time(22, 0), time(7, 0)
_quiet_day: list[Callable[[date], bool]] = []


def provide_quiet_days(is_quiet: Callable[[date], bool]) -> None:
    """Make ``is_quiet`` say which days are days of rest (the calendar above registers itself here)."""
    _quiet_day[:] = [is_quiet]


class MessagePreference(models.Model):
    """One row per person who changed something; ``muted`` maps a channel to the kinds kept off it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_preference")
    quiet_from = models.TimeField("免打扰开始", default=QUIET_FROM)
    quiet_to = models.TimeField("免打扰结束", default=QUIET_TO)
    quiet_on_holidays = models.BooleanField("节假日免打扰", default=False)
    muted = models.JSONField("不推送的类别", default=dict, blank=True)

    class Meta:
        verbose_name = "消息设置"

    def allows(self, channel: str, kind: str) -> bool:
        """Whether messages of this kind may leave by the channel."""
        return kind not in self.muted.get(channel, [])

    def free_from(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` on at which the person may be disturbed."""
        local = moment.astimezone(clock.zone())
        for _ in range(60):
            end = self._end_of_quiet(local)
            if end is None:
                return local.astimezone(moment.tzinfo)
            local = end
        return moment

    def _end_of_quiet(self, local: datetime) -> datetime | None:
        if self.quiet_on_holidays and _quiet_day and _quiet_day[0](local.date()):
            tomorrow = local.date() + timedelta(days=1)
            return datetime.combine(tomorrow, time(0), local.tzinfo)
        start, end, at = self.quiet_from, self.quiet_to, local.time()
        if start == end:
            return None
        if start < end:
            return datetime.combine(local.date(), end, local.tzinfo) if start <= at < end else None
        if at >= start:
            return datetime.combine(local.date() + timedelta(days=1), end, local.tzinfo)
        return datetime.combine(local.date(), end, local.tzinfo) if at < end else None


def preferences_of(users: list[Any]) -> dict[int, MessagePreference]:
    """Preferences by user id, the site's usual ones where a person chose nothing."""
    stored = {row.user_id: row for row in MessagePreference.objects.filter(user__in=users)}
    return {user.pk: stored.get(user.pk) or MessagePreference(user=user) for user in users}


class PreferenceForm(forms.ModelForm[MessagePreference]):
    """What a person may choose: quiet hours, holidays, and per channel the kinds that are not pushed."""

    class Meta:
        model = MessagePreference
        fields = ("quiet_from", "quiet_to", "quiet_on_holidays")
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in channels:
            self.fields[f"mute_{channel.code}"] = forms.MultipleChoiceField(
                label=f"{channel.title}不推送",
                choices=[(kind.code, kind.title) for kind in kinds],
                initial=self.instance.muted.get(channel.code, []),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def save(self, commit: bool = True) -> MessagePreference:
        """Store the choice of kinds with the rest."""
        self.instance.muted = {
            channel.code: self.cleaned_data[f"mute_{channel.code}"] for channel in channels
        }
        return super().save(commit)
