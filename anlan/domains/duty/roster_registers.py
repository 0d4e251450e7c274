"""Ledgers of rosters and of who stands in them (S04.2)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.person_lists import person_list
from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.base.rostering import PARTS
from anlan.domains.duty.doubts import doubted, doubts_of, unproved
from anlan.domains.duty.drawing_up import faults_of, people_named, rotate, seats_of, shortened, watches_of
from anlan.domains.duty.laying_out import lay_out
from anlan.domains.duty.rosters import DRAFT, PAST, REPORTED, Roster, Turn
from anlan.domains.duty.serving import SERVE, Said, arriving, leaving, sign_in, sign_out
from anlan.domains.duty.swap_forms import SwapForm, swappable
from anlan.domains.duty.swaps import ARRANGE, ASK, ask
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

KEEPERS, WATCHERS = "school_safety school_head", "bureau_safety bureau_leader township_officer"
DRAW = "duty.rosters.edit"
WHY = Personal("值班联络", "履行法定职责所必需（个人信息保护法第十三条）", "值班表归档后三年")


def drafted(roster: Roster) -> bool:
    """Still being drawn up."""
    return roster.state == DRAFT and roster.archived_at is None


class RotationForm(forms.Form):
    """Who takes turns in which order, for which part."""

    part = forms.ChoiceField(label="轮流做什么", choices=PARTS, widget=forms.RadioSelect, initial="member")
    names = forms.CharField(
        label="轮流的人", widget=forms.Textarea, help_text="按先后，每行一人；同名的加手机尾号"
    )
    anew = forms.BooleanField(label="已经排好的也重排", required=False)

    @classmethod
    def for_record(cls, record: Roster, data: Any = None, files: Any = None) -> "RotationForm":
        """With everybody there is, to be put in order."""
        said = "\n".join(person.name for person in record.kind.pool(record.org)[:60])
        return cls(data, files, initial={"names": said})


@ledger
class Rosters(Ledger):
    """Rosters of the schools, with what is wrong with those being drawn up."""

    code = "duty.rosters"
    model = Roster
    title, noun, icon = "值班表", "份", "calendar-event"
    area, group, order = "safety", "值班", 402
    columns = "title scheme org state first last reported_at due_at"
    facts = "title scheme org state first last place note due_at reported_at opinion"
    filters = "org scheme state period first"
    search = "title org__name"
    key = "org scheme first"
    form = "org scheme title first last place note"
    sort = "-first"
    example = {"title": "十一月值班表", "place": "门卫值班室"}
    views = {"未上报": "unreported=1", "逾期未上报": "overdue=1"}
    marks = {"unreported": lambda: Q(archived_at=None) & ~Q(state=REPORTED)}
    while_in = {"edit": DRAFT, "archive": "reported"}
    happenings = {"rotate": "轮流排班", "draw": "排班", "lay_out": "按日历更新班次"}
    roles = {
        "view": (*ABOVE, *IN_SCHOOL),
        **dict.fromkeys(("add", "edit", "archive"), KEEPERS),
        "export": (*ABOVE, *AT_SCHOOL),
    }

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """A roster ends after it begins."""
        first, last = values.get("first"), values.get("last")
        return {"last": "止期不能早于起期"} if first and last and last < first else {}

    @act("轮流排班", DRAW, form=RotationForm, icon="refresh", when=drafted)
    def rotate(self, actor: Actor, record: Roster, values: dict[str, Any]) -> str:
        """Fill the seats by turns."""
        names = [line.strip() for line in values["names"].splitlines() if line.strip()]
        people, faults = people_named(record, names)
        if faults or not people:
            raise Rejected({"names": shortened(faults) or ["请写至少一人"]})
        rotate(actor, record, values["part"], people, values["anew"])
        return f"{record.get_absolute_url()}grid/"

    @act("按日历更新班次", DRAW, icon="calendar", when=drafted, effect="补上日历要求的班次，去掉不再要求的")
    def lay_out(self, actor: Actor, record: Roster, values: dict[str, Any]) -> None:
        """Bring the shifts in line with the calendar."""
        lay_out(actor, [record])

    @block("还有问题", "duty/faults.html")
    def faults(self, request: Any, record: Roster) -> dict[str, Any] | None:
        """What keeps it from going out."""
        found = faults_of(record) if drafted(record) else []
        return {"faults": shortened(found), "count": len(found)} if found else None

    @block("资质提醒", "duty/doubts.html")
    def doubts(self, request: Any, record: Roster) -> dict[str, Any] | None:
        """Who lacks the proof the post asks for."""
        found = doubts_of(record)
        return {"turns": found, "proof": record.kind.proof} if found else None

    @block("值班安排", "duty/roster.html", printed=True)
    def seats(self, request: Any, record: Roster) -> dict[str, Any]:
        """Shift by shift, who stands where."""
        there = seats_of(record)
        rows = [
            (watch, [there.get((watch.pk, part), []) for part, _ in PARTS]) for watch in watches_of(record)
        ]
        grid = f"{record.get_absolute_url()}grid/" if drafted(record) and may(request.user, DRAW) else ""
        return {"rows": rows, "grid": grid, "parts": [words for _, words in PARTS], "several": _several(rows)}


def _several(rows: list[Any]) -> bool:
    return any(watch.place_id for watch, _ in rows)


@ledger
class Turns(Ledger):
    """Who is on duty when; entered one by one or from a sheet while the roster is being drawn up."""

    code = "duty.turns"
    model = Turn
    title, noun, icon = "值班安排", "班次", "user"
    area, group, order = "safety", "值班", 404
    columns = "person shift part org phone begins_at ends_at in_at in_place late out_at roster"
    filters = "org part person watch__day late roster"
    search = "person__name watch__name org__name"
    key = "watch person"
    form = "org watch part person phone"
    masked = {"phone": "phone"}
    personal = {"phone": WHY}
    sort = "-begins_at"
    example = {"part": "member"}
    files = {"photo": "签到照片"}
    form_files = " "
    photos = "签到照片"
    words = {"watch__day": "日期"}
    choices = {"watch": Q(roster__state=DRAFT)}
    views = {"接下来的值班": "mine=1&coming=1", "我的值班": "mine=1", "未签到": "missed=1", "迟到": "late=1",
             "没有岗位资质": "unproved=1"}  # fmt: skip
    marks = {
        "missed": lambda: Q(alerted_at__isnull=False, in_at=None),
        "present": lambda: Q(in_at__isnull=False),
        "begun": lambda: Q(begins_at__lte=clock.now()),
        "coming": lambda: Q(ends_at__gt=clock.now()),
        "out": lambda: ~Q(roster__state=DRAFT),
        "unproved": unproved,
    }
    happenings = {"draw": "排班", "swap": "换班", "sign_in": "签到", "sign_out": "签退", "miss": "未签到提醒"}
    whose = "person"
    roles = {
        "view": f"{WATCHERS} bureau_viewer upper_safety team_admin {KEEPERS} school_contact",
        "view.own": "staff guard canteen_manager dorm_keeper",
        **dict.fromkeys(("add", "edit", "archive", "import"), KEEPERS),
        "export": f"{WATCHERS} {KEEPERS}",
        "unmask": f"bureau_safety bureau_leader {KEEPERS}",
    }

    @computed("班次", needs="watch watch__place", sort="begins_at")
    def shift(self, row: Turn) -> str:
        """Day, name and campus."""
        return str(row.watch)

    def locked(self, record: Any, verb: str) -> str:
        """A roster that is out changes by swaps only."""
        return "" if record.roster.state == DRAFT else PAST

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Only into a roster being drawn up; another person brings the own number and account."""
        watch, person = values.get("watch"), values.get("person")
        if record is not None and person is not None and person != record.person:
            values |= {"account": person.account, "phone": values.get("phone") or person.phone}
        return {"watch": PAST} if watch and watch.roster.state != DRAFT else {}

    @block("资质提醒", "duty/doubts.html")
    def doubt(self, request: Any, record: Turn) -> dict[str, Any] | None:
        """Where the person lacks the proof the post asks for."""
        return {"turns": [record], "proof": record.roster.kind.proof} if doubted(record) else None

    @act("换班或请假", ASK, form=SwapForm, icon="refresh", own=True, when=swappable)
    def swap(self, actor: Actor, record: Turn, values: dict[str, Any]) -> str:
        """Ask for the own turn to be taken over."""
        return ask(actor, record, **values).get_absolute_url()

    @act("签到", SERVE, icon="check", kind="primary", own=True, when=arriving, effect="记下现在的时间")
    def sign_in(self, actor: Actor, record: Turn, values: dict[str, Any]) -> None:
        """From a desk, without a position; phones send theirs."""
        sign_in(actor, record, Said(clock.now()))

    @act("签退", SERVE, icon="x", own=True, when=leaving, effect="记下现在的时间")
    def sign_out(self, actor: Actor, record: Turn, values: dict[str, Any]) -> None:
        """The person leaves."""
        sign_out(actor, record, clock.now())

    @act("代为申请换班", ARRANGE, form=SwapForm, icon="refresh", when=swappable)
    def arrange(self, actor: Actor, record: Turn, values: dict[str, Any]) -> str:
        """The same for somebody who cannot ask."""
        return ask(actor, record, **values).get_absolute_url()


archives("duty.rosters", "duty", parts="turns watches")
person_list("duty", "duty.turns")
