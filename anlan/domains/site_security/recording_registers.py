"""The ledger of recordings channel by channel (N1.24)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.site_security.recordings import Recording
from anlan.engines.registry.api import Ledger, block, computed, ledger
from anlan.kernel import clock

VIEWERS = f"{KEPT_BY_SCHOOL['view']} inspector device_mender"
LOOKED_WITHIN = timedelta(days=31)
BROKEN_WITHIN = timedelta(days=30)


class SpotForm(forms.Form):
    """What was read off the recorder."""

    oldest = forms.DateField(label="最早能回放的日期", widget=forms.DateInput(format="%Y-%m-%d"))
    began_at = forms.DateTimeField(label="中断开始", required=False, help_text="没有发现中断就不填")
    ended_at = forms.DateTimeField(label="中断结束", required=False, help_text="还没有恢复就不填")

    def clean(self) -> dict[str, Any]:
        """Days gone by; a break starts before it ends."""
        said = super().clean() or {}
        if said.get("oldest") and said["oldest"] > clock.today():
            self.add_error("oldest", "不能晚于今天")
        began, ended = said.get("began_at"), said.get("ended_at")
        if ended and not (began and began < ended <= clock.now()):
            self.add_error("ended_at", "要晚于中断开始，不晚于现在")
        if began and began > clock.now():
            self.add_error("began_at", "不能晚于现在")
        return said


@ledger
class Recordings(Ledger):
    """Every channel with how far back it reaches and where it broke off."""

    code = "site_security.recordings"
    model = Recording
    readonly = True
    title, noun, icon = "录像保存情况", "路", "camera"
    area, group, order = "safety", "技防设备", 280
    columns = "device org oldest_on kept required standing broken looked_at"
    filters = "org enough running looked_at"
    search = "device__code device__name device__channel org__name"
    facts = "device org oldest_on kept required standing broken looked_at way looker"
    marks = {
        "broken": lambda: Q(broke_at__gte=clock.now() - BROKEN_WITHIN),
        "unseen": lambda: Q(looked_at__lt=clock.now() - LOOKED_WITHIN),
    }
    views = {
        "保存不足": "enough=0",
        "正在中断": "running=0",
        "30 天内有中断": "broken=1",
        "31 天没有核查": "unseen=1",
    }
    happenings = {"look": "核查"}
    roles = {"view": VIEWERS, "export": VIEWERS}

    @computed("保存", "chip", sort="enough")
    def standing(self, row: Recording) -> tuple[str, str]:
        """Against the days required."""
        if row.kept is None:
            return "idle", "未核查"
        return ("done", "达到") if row.enough else ("late", f"少 {(row.required or 0) - row.kept} 天")

    @computed("中断", "chip", sort="broke_at")
    def broken(self, row: Recording) -> tuple[str, str]:
        """Whether it records now, and when it last did not."""
        if not row.running:
            return "late", "正在中断"
        if row.broke_at is None:
            return "done", "没有中断"
        return "idle", f"{row.broke_at.astimezone(clock.zone()):%m-%d %H:%M} 中断过"

    @block("中断记录", "site_security/breaks.html", printed=True)
    def breaks(self, request: Any, record: Recording) -> dict[str, Any] | None:
        """Each break with start and end."""
        return {"spans": record.spans} if record.breaks else None
