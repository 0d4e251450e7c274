"""The ledger of broadcasts, and playing one from the page of an alarm (N1.18)."""

from typing import Any

from django import forms

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.alarms.broadcast_texts import texts_for
from anlan.domains.alarms.broadcasts import FETCHED_WITHIN, Broadcast, answer, zones_of
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, computed, ledger
from anlan.kernel import clock

TESTING = "school_safety school_head guard"


class PlayForm(forms.Form):
    """Which text to which zones."""

    text: Any = forms.ModelChoiceField(None, label="播音文本")
    zones = forms.MultipleChoiceField(
        label="广播分区", widget=forms.CheckboxSelectMultiple({"class": "form-check-input"})
    )

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "PlayForm":
        """Texts and zones of the alarm's school."""
        form = cls(*sent)
        form.fields["text"].queryset = texts_for(record.org)  # type: ignore[attr-defined]
        form.fields["zones"].choices = [(zone, zone) for zone in zones_of(record.org)]  # type: ignore[attr-defined]
        return form


class ResultForm(forms.Form):
    """What was heard in the zone."""

    result = forms.ChoiceField(label="结果", choices=Broadcast.RESULTS[1:], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", max_length=200, required=False)


@ledger
class Broadcasts(Ledger):
    """Tests and emergency broadcasts zone by zone; who registers one, tests."""

    code = "alarms.broadcasts"
    model = Broadcast
    title, noun, icon = "校园广播", "次", "bell"
    area, group, order = "safety", "报警与出入", 360
    columns = "zone kind words at standing answered_at note org"
    filters, search, sort = "org kind result at", "zone words note org__name", "-at"
    form = "org zone words"
    facts = "zone kind words device_code at standing answered_at note alarm org"
    photos = ""
    views = {"测试": "kind=test", "应急": "kind=emergency", "播放失败": "result=failed"}
    happenings = {"answer": "结果"}
    example = {"zone": "教学楼", "words": "这是应急广播测试。"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "guard")),
        "add": TESTING,
        "export": "bureau_safety school_safety school_head",
    }

    @computed("结果", "chip", sort="result")
    def standing(self, row: Broadcast) -> tuple[str, str]:
        """Played, failed, or not answered."""
        if row.result == "waiting":
            late = row.at < clock.now() - FETCHED_WITHIN
            return ("late", "设备未响应") if late else ("doing", "等待播放")
        return ("done" if row.result == "played" else "late"), row.get_result_display()

    @act(
        "登记结果",
        "alarms.broadcasts.add",
        form=ResultForm,
        icon="check",
        kind="primary",
        when=lambda row: row.result == "waiting",
    )
    def told(self, actor: Actor, record: Broadcast, values: dict[str, Any]) -> None:
        """By hand, where the host does not report."""
        answer(actor, record, values["result"], values["note"])
