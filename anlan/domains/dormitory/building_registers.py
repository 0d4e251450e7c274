"""Ledgers of buildings, rooms and beds with their occupancy, and of what an area lays down (D17.1)."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.dormitory.buildings import Bed, Building, Room, occupied_beds, take_away
from anlan.domains.dormitory.keepers import Night, gap_tonight, lived_in, manned
from anlan.domains.dormitory.proving import unready
from anlan.domains.dormitory.rules import DormitoryRules
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel import clock
from anlan.shell.navigation import add_area

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "dorm_keeper"))
MANAGING = "school_head school_safety"
WEEK = 7
add_area("dormitory", "宿舍", "moon", order=27)


def number(rows: Any, by: str) -> Any:
    """How many of the rows belong to the outer one, as a column."""
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def number_at(rows: Any) -> Any:
    """How many of the rows belong to the unit of the outer one, as a column."""
    counted = rows.filter(org=OuterRef("org")).order_by().values("org").annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def beds() -> Any:
    """Beds that are there."""
    return Bed.unguarded.filter(archived_at=None)


def free_room() -> Q:
    """Condition on rooms: a bed is free."""
    free = beds().exclude(pk__in=occupied_beds().values("pk"))
    return Q(Exists(free.filter(room=OuterRef("pk"))))


def occupied() -> Q:
    """Condition on beds: somebody lies there."""
    return Q(pk__in=occupied_beds().values("pk"))


class Counted(Ledger):
    """Base of ledgers whose rows hold beds; ``under`` is the way from a bed to the row."""

    under = ""

    def refine(self, rows: Any) -> Any:
        """With the number of beds, and of those somebody lies on."""
        return rows.annotate(all_beds=number(beds(), self.under), taken=number(occupied_beds(), self.under))

    @computed("床位", "number", sort="all_beds")
    def beds(self, row: Any) -> int:
        """All beds."""
        return int(row.all_beds)

    @computed("已住", "number", sort="taken")
    def lived(self, row: Any) -> int:
        """Beds somebody lies on."""
        return int(row.taken)

    @computed("空床", "number")
    def free(self, row: Any) -> int:
        """Beds nobody lies on."""
        return int(row.all_beds - row.taken)


@ledger
class Buildings(Counted):
    """Dormitory buildings."""

    code = "dormitory.buildings"
    model, under = Building, "room__building"
    title, noun, icon = "宿舍楼", "栋", "building"
    area, group, order = "dormitory", "房间床位", 10
    columns = "name org sex rooms beds lived free tonight office warden__person closed_on"
    filters = "org sex closed_on"
    search = "name org__name"
    key = "org name"
    form = "org name sex area facilities office warden closed_on"
    sort = "org__path"
    files, photos = {"pictures": "照片"}, "宿舍楼照片"
    views = {"今晚无人值班": "gap=1", "没有宿管室或宿管员": "unready=1"}
    marks = {"gap": gap_tonight, "unready": unready}
    words = {"warden__person": "负责宿管员"}
    choices = {"warden": Q(left_on=None)}
    example = {"name": "1 号楼", "sex": "male", "office": "一层东侧"}
    roles = rights(SEEING, MANAGING, export=f"{MANAGING} bureau_safety")

    def refine(self, rows: Any) -> Any:
        """With rooms, and whether somebody is on duty tonight."""
        rooms = number(Room.unguarded.filter(archived_at=None), "building")
        found = super().refine(rows).annotate(all_rooms=rooms)
        return found.annotate(somebody=lived_in(), manned=manned(clock.today()))

    @computed("房间", "number", sort="all_rooms")
    def rooms(self, row: Any) -> int:
        """All rooms."""
        return int(row.all_rooms)

    @computed("今晚值班", "chip")
    def tonight(self, row: Any) -> tuple[str, str]:
        """A night without a keeper where boarders live is a gap."""
        if row.manned:
            return "done", "已安排"
        return ("late", "没有宿管员") if row.somebody else ("idle", "无人住")

    @block("各层床位", "dormitory/floors.html")
    def floors(self, request: Any, record: Any) -> dict[str, Any]:
        """Rooms and beds by floor; their sum is the building."""
        living = Counter(occupied_beds(room__building=record).values_list("room__floor", flat=True))
        rows = [
            {**row, "taken": living[row["floor"]], "free": row["size"] - living[row["floor"]]}
            for row in _floors(record)
        ]
        total = {name: sum(row[name] for row in rows) for name in ("rooms", "size", "taken", "free")}
        return {"building": record, "rows": rows, "total": total}

    @block("未来一周夜间值班", "dormitory/nights.html")
    def week(self, request: Any, record: Any) -> dict[str, Any]:
        """Who is on duty in the coming nights; a night without anybody is a gap."""
        first = clock.today()
        rows = Night.objects.unscoped().filter(building=record, archived_at=None, night__gte=first)
        duties = list(rows.select_related("keeper__person", "leader"))
        days = [first + timedelta(days=count) for count in range(WEEK)]
        found = [(day, [duty for duty in duties if duty.night == day]) for day in days]
        return {"building": record, "rows": found, "lived": record.somebody}


def _floors(building: Building) -> Any:
    rooms = Room.unguarded.filter(building=building, archived_at=None).order_by().values("floor")
    return rooms.annotate(rooms=Count("pk"), size=Sum("size")).order_by("floor")


@ledger
class Rooms(Counted):
    """Rooms; their beds follow the number entered."""

    code = "dormitory.rooms"
    model, under = Room, "room"
    title, noun, icon = "宿舍房间", "间", "door"
    area, group, order = "dormitory", "房间床位", 20
    columns = "number building floor org sex beds lived free"
    filters = "org building floor sex"
    search = "number building__name org__name"
    key = "building number"
    form = "org building floor number sex size area facilities"
    sort = "pk"
    files, photos = {"pictures": "照片"}, "房间照片"
    views = {"有空床": "free=1"}
    marks = {"free": free_room}
    example = {"floor": 3, "number": "301", "size": 6}
    roles = rights(SEEING, MANAGING, export=f"{MANAGING} bureau_safety")


@ledger
class Beds(Ledger):
    """Beds, free or not; who lies there is among the stays."""

    code = "dormitory.beds"
    model = Bed
    readonly = True
    title, noun, icon = "床位", "张", "home"
    area, group, order = "dormitory", "房间床位", 30
    columns = "bed room__building room__floor room__sex state org"
    filters = "org room__building room__floor room__sex"
    search = "room__number room__building__name"
    sort = "pk"
    photos = ""
    views = {"空床": "free=1", "已住": "taken=1"}
    marks = {"free": lambda: ~occupied(), "taken": occupied}
    roles = {"view": SEEING, "export": f"{MANAGING} bureau_safety"}

    def refine(self, rows: Any) -> Any:
        """With whether somebody lies there."""
        return rows.annotate(taken=Exists(occupied_beds(pk=OuterRef("pk"))))

    @computed("床位", needs="room room__building")
    def bed(self, row: Any) -> str:
        """Building, room and number."""
        return str(row)

    @computed("状态", "chip")
    def state(self, row: Any) -> tuple[str, str]:
        """Free or not."""
        return ("doing", "已住") if row.taken else ("done", "空床")

    @act(
        "拆除床位",
        "dormitory.rooms.edit",
        icon="minus",
        kind="danger",
        effect="房间的床位数同时减一；有人住的不能拆",
    )
    def remove(self, actor: Actor, record: Bed, values: dict[str, Any]) -> str:
        """One bed fewer."""
        take_away(actor, record)
        return record.room.get_absolute_url()


@ledger
class RulesLedger(Ledger):
    """What units lay down for their dormitories."""

    code = "dormitory.rules"
    model = DormitoryRules
    title, noun, icon = "宿舍管理要求", "份", "settings"
    area, group, order = "dormitory", "设置", 900
    columns = "org call_at call_minutes escalate_minutes visitors_until check_days consent appliance_hazard every_night"
    filters = "org"
    key = "org"
    form = columns
    example = {"call_at": "21:30", "call_minutes": 30, "escalate_minutes": 30, "check_days": 7}
    roles = rights(SEEING, "bureau_safety school_head school_safety")
