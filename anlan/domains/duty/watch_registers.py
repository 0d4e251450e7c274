"""Ledgers of shifts and their logs: writing, handing over, set times of "all is well" (S04.2, S04.4)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Prefetch

from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.base.rostering import LEADER, MEMBER
from anlan.domains.duty.checks import on_duty
from anlan.domains.duty.logs import CALM, KINDS, LogEntry, times_to_report, write
from anlan.domains.duty.rosters import OUT, Turn, Watch
from anlan.domains.duty.serving import SERVE, hand_over, take_over
from anlan.domains.duty.tonight import tonight, unsigned
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel import clock

UNMASK = "duty.turns.unmask"


class LogForm(forms.Form):
    """A line of the log."""

    kind = forms.ChoiceField(label="类别", choices=KINDS, initial="round")
    text = forms.CharField(
        label="内容", max_length=300, required=False, widget=forms.Textarea, help_text="平安报告可以不写"
    )


class NoteForm(forms.Form):
    """What the next shift has to know."""

    handed_note = forms.CharField(
        label="交接事项", max_length=300, required=False, widget=forms.Textarea, help_text="没有的不写"
    )


def running(watch: Watch) -> bool:
    """Of a roster that is out, begun or about to, not handed over."""
    out = watch.archived_at is None and watch.roster.state in OUT
    return out and watch.handed_at is None and (watch.begins_at - clock.now()).total_seconds() < 7200


def handed(watch: Watch) -> bool:
    """Handed over and not taken yet."""
    return watch.handed_at is not None and watch.taken_at is None


def _named(part: str) -> Callable[[Any, Watch], str]:
    def read(ledger: Any, row: Watch) -> str:
        return "、".join(turn.person.name for turn in row.turns.all() if turn.part == part)

    return read


@ledger
class Watches(Ledger):
    """Shifts of the rosters, each with its people and its log."""

    code = "duty.watches"
    model = Watch
    readonly = True
    title, noun, icon = "值班班次", "班", "clock"
    area, group, order = "safety", "值班", 406
    columns = "shift leader member phones present begins_at ends_at handed_at roster org"
    facts = "org roster day name place begins_at ends_at handed_at handed_by handed_note taken_at taken_by"
    filters = "org day roster"
    search = "name org__name place__name"
    sort = "-begins_at"
    views = {"现在": "now=1", "今晚": "tonight=1", "还有人没签到": "unsigned=1"}
    marks = {"now": lambda: on_duty(clock.now()), "tonight": lambda: on_duty(tonight()), "unsigned": unsigned}
    happenings = {"hand_over": "交班", "take_over": "接班", "lay_out": "按日历更新"}
    roles = {"view": (*ABOVE, *IN_SCHOOL), "export": (*ABOVE, *AT_SCHOOL)}

    def refine(self, rows: Any) -> Any:
        """With everybody who stands in them."""
        turns = Turn.unguarded.filter(archived_at=None).select_related("person").order_by("part", "pk")
        return rows.prefetch_related(Prefetch("turns", queryset=turns))

    leader = computed("带班领导")(_named(LEADER))
    member = computed("值班人员")(_named(MEMBER))

    @computed("班次", needs="place org", sort="begins_at")
    def shift(self, row: Watch) -> str:
        """School, campus, day and name."""
        where = f"{row.org} {row.place}" if row.place_id else str(row.org)
        return f"{where} {row.day:%m-%d} {row.name}"

    @computed("联系电话", right=UNMASK)
    def phones(self, row: Watch) -> str:
        """Name and number of each, for whoever may see numbers."""
        return "、".join(f"{turn.person.name} {turn.phone}" for turn in row.turns.all())

    @computed("签到", "chip")
    def present(self, row: Watch) -> tuple[str, str] | None:
        """How many are there."""
        turns, now = list(row.turns.all()), clock.now()
        there = sum(turn.in_at is not None for turn in turns)
        if not turns or row.begins_at > now:
            return None
        return ("done", "已签到") if there == len(turns) else ("late", f"{there}/{len(turns)} 签到")

    @act("记日志", SERVE, form=LogForm, icon="edit", kind="primary", when=running)
    def note(self, actor: Actor, record: Watch, values: dict[str, Any]) -> None:
        """A line of the log."""
        write(actor, record, **values)

    @act("平安报告", SERVE, icon="check", when=running, effect="写进值班日志：一切正常")
    def calm(self, actor: Actor, record: Watch, values: dict[str, Any]) -> None:
        """All is well."""
        write(actor, record, CALM)

    @act("交班", SERVE, form=NoteForm, icon="send", when=running)
    def hand(self, actor: Actor, record: Watch, values: dict[str, Any]) -> None:
        """This shift gives over."""
        hand_over(actor, record, values["handed_note"])

    @act("接班", SERVE, icon="check", when=handed, effect="确认已听取交接，开始本班")
    def take(self, actor: Actor, record: Watch, values: dict[str, Any]) -> None:
        """The next shift takes over."""
        take_over(actor, record)

    @block("值班人员和日志", "duty/watch.html", printed=True)
    def course(self, request: Any, record: Watch) -> dict[str, Any]:
        """Who stands in it, what was said at the set times, and the log."""
        turns = Turn.objects.unscoped().filter(watch=record, archived_at=None).select_related("person")
        log = LogEntry.objects.unscoped().filter(watch=record, archived_at=None).select_related("created_by")
        times = times_to_report(record)
        return {
            "turns": list(turns),
            "log": log,
            "times": [(due, said, due < clock.now()) for due, said in times],
        }


@ledger
class LogEntries(Ledger):
    """Lines of the logs; an incident leads to its record."""

    code = "duty.log_entries"
    model = LogEntry
    readonly = True
    title, noun, icon = "值班日志", "条", "notes"
    area, group, order = "safety", "值班", 409
    columns = "at kind text shift org created_by"
    filters = "org kind at watch"
    search = "text org__name"
    sort = "-at"
    views = {"突发情况": "kind=incident"}
    files = {"photo": "照片"}
    example = {"text": "校门外有车辆堵路，已劝离"}
    roles = {
        "view": (*ABOVE, *AT_SCHOOL),
        "view.own": "staff guard canteen_manager dorm_keeper",
        "export": (*ABOVE, *AT_SCHOOL),
    }

    @computed("班次", needs="watch watch__place", sort="watch__begins_at")
    def shift(self, row: LogEntry) -> str:
        """Day, name and campus."""
        return str(row.watch)

    @block("安全事件", "duty/incident.html")
    def incident(self, request: Any, record: LogEntry) -> dict[str, Any] | None:
        """The record made of it."""
        return {"url": record.incident_url} if record.incident_url else None
