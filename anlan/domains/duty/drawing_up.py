"""Drawing a roster up: by hand, by rotation; what is wrong with it, said before it goes out (S04.2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from django.db import transaction

from anlan.base.people import Person
from anlan.base.rostering import PARTS
from anlan.domains.duty.laying_out import missing_shifts
from anlan.domains.duty.rosters import Roster, Turn, Watch, clashing, misplaced, touch
from anlan.engines.audit.api import Actor, Written, archive, create_all
from anlan.kernel import events
from anlan.kernel.errors import Rejected

Seat = tuple[int, str]
OWN = "draw"
NAMED = 8


def watches_of(roster: Roster) -> list[Watch]:
    """Its shifts in order of time."""
    rows = Watch.objects.unscoped().filter(roster=roster, archived_at=None)
    return list(rows.select_related("place", "roster", "org").order_by("begins_at", "place", "pk"))


def turns_of(roster: Roster) -> list[Turn]:
    """Who stands in it now."""
    rows = Turn.objects.unscoped().filter(roster=roster, archived_at=None)
    return list(rows.select_related("watch__place", "person", "org").order_by("begins_at", "pk"))


def seats_of(roster: Roster) -> dict[Seat, list[Turn]]:
    """Who stands where, by shift and part."""
    found: dict[Seat, list[Turn]] = defaultdict(list)
    for turn in turns_of(roster):
        found[turn.watch_id, turn.part].append(turn)
    return found


def seated(watch: Watch, part: str, person: Person, phone: str = "") -> Turn:
    """A turn ready to be stored."""
    turn = Turn(org=watch.org, watch=watch, part=part, person=person, phone=phone)
    turn.prepare()
    return turn


@transaction.atomic
def put(actor: Actor, roster: Roster, wanted: Mapping[Seat, Sequence[Person]]) -> int:
    """Have exactly these people in these seats; the others stay as they are. How many were put in or taken out.

    Conflict once the roster is out. Rejected for people who may not stand there.
    """
    touch(roster)
    watches, there, fresh, gone = {w.pk: w for w in watches_of(roster)}, seats_of(roster), [], []
    for (pk, part), people in wanted.items():
        have = {turn.person_id: turn for turn in there.get((pk, part), [])}
        keep = {person.pk for person in people}
        gone += [turn for key, turn in have.items() if key not in keep]
        fresh += [seated(watches[pk], part, person) for person in people if person.pk not in have]
    _refuse_doubles(watches, there, wanted)
    for turn in gone:
        archive(actor, turn, action=OWN)
    for turn in fresh:
        if why := misplaced(turn.person, turn.watch):
            raise Rejected({"": f"{turn.watch}：{why}"})
    create_all(actor, fresh, action=OWN)
    return len(gone) + len(fresh)


def _refuse_doubles(
    watches: Mapping[int, Watch],
    there: Mapping[Seat, Sequence[Turn]],
    wanted: Mapping[Seat, Sequence[Person]],
) -> None:
    """Nobody sits on two seats of one shift."""
    sitting = {seat: [turn.person for turn in turns] for seat, turns in there.items()} | dict(wanted)
    taken: set[tuple[int, int]] = set()
    for (pk, _), people in sitting.items():
        for person in people:
            if (pk, person.pk) in taken:
                raise Rejected({"": f"{watches[pk]}：{person}排了两个位置"})
            taken.add((pk, person.pk))


def rotate(actor: Actor, roster: Roster, part: str, people: Sequence[Person], anew: bool = False) -> int:
    """Fill the seats of a part in the given order, shift by shift; who would stand twice at one time is passed over.

    ``anew`` first empties the part. Returns how many seats were filled; seats for which nobody is free stay empty.
    """
    watches, seats = watches_of(roster), seats_of(roster)
    busy: dict[int, list[Watch]] = defaultdict(list)
    for (_, kept), turns in seats.items():
        for turn in turns if not (anew and kept == part) else ():
            busy[turn.person_id].append(turn.watch)
    wanted: dict[Seat, list[Person]] = {}
    queue, filled = list(people), 0
    for watch in watches:
        sitting = [] if anew else [turn.person for turn in seats.get((watch.pk, part), [])]
        while len(sitting) < watch.needed(part):
            free = next((one for one in queue if _free(one, watch, busy)), None)
            if free is None:
                break
            queue.remove(free)
            queue.append(free)
            sitting.append(free)
            busy[free.pk].append(watch)
            filled += 1
        wanted[watch.pk, part] = sitting
    put(actor, roster, wanted)
    return filled


def _free(person: Person, watch: Watch, busy: Mapping[int, Iterable[Watch]]) -> bool:
    taken = any(w.begins_at < watch.ends_at and w.ends_at > watch.begins_at for w in busy.get(person.pk, ()))
    return not taken and not misplaced(person, watch)


def faults_of(roster: Roster) -> list[str]:
    """Why the roster may not go out: missing shifts, empty seats, somebody twice at one time, missing numbers."""
    watches, turns = watches_of(roster), turns_of(roster)
    found = [
        f"{shift.day:%m-%d} {shift.name}：日历要求这一班，值班表里没有" for shift in missing_shifts(roster)
    ]
    if not watches:
        found.append("这个时段没有要求值班的班次")
    manned: dict[Seat, int] = defaultdict(int)
    for turn in turns:
        manned[turn.watch_id, turn.part] += 1
    for watch in watches:
        for part, words in PARTS:
            if (lacking := watch.needed(part) - manned[watch.pk, part]) > 0:
                found.append(f"{watch}：{words}还缺 {lacking} 人")
    found += [f"{turn.person}没有联系电话（{turn.watch}）" for turn in turns if not turn.phone]
    return found + _twice(turns)


def _twice(turns: list[Turn]) -> list[str]:
    """People who stand in two shifts at one time, here or in another roster."""
    if not turns:
        return []
    own, first, last = {turn.pk for turn in turns}, turns[0].begins_at, max(turn.ends_at for turn in turns)
    rows = Turn.objects.unscoped().filter(
        person__in={turn.person_id for turn in turns}, archived_at=None, begins_at__lt=last, ends_at__gt=first
    )
    by_person: dict[int, list[Turn]] = defaultdict(list)
    for turn in rows.select_related("watch__place", "person").order_by("begins_at", "pk"):
        by_person[turn.person_id].append(turn)
    return [
        f"{one.person}同一时间排了两班：{one.watch}、{other.watch}"
        for theirs in by_person.values()
        for one, other in combinations(theirs, 2)
        if other.begins_at < one.ends_at and {one.pk, other.pk} & own
    ]


def shortened(faults: list[str]) -> list[str]:
    """The first of them, and how many more there are."""
    more = [f"另有 {len(faults) - NAMED} 处"] if len(faults) > NAMED else []
    return faults[:NAMED] + more


@events.on(Written)
def guard_drafts(event: Written) -> None:
    """A turn written one by one, also by import, counts its roster on; refused once that is out."""
    if isinstance(event.record, Turn) and event.action in ("create", "change", "archive"):
        if event.action == "change" and not {"person", "part", "phone", "watch"} & set(event.after):
            return
        touch(event.record.roster)


@events.on(Written)
def keep_apart(event: Written) -> None:
    """Nobody is put into two shifts of an exclusive scheme at one time; of two officers at once one is refused."""
    turn = event.record
    if not isinstance(turn, Turn) or turn.archived_at or not {"person", "watch"} & set(event.after):
        return
    if turn.roster.kind.exclusive:
        # No key: storing the turn already holds the person's key, and so does whoever is second.
        Person.unguarded.select_for_update(no_key=True).get(pk=turn.person_id)
        clash = clashing(turn.person, turn.watch, (turn.pk,)).select_related("watch__place").first()
        if clash:
            raise Rejected({"person": f"{turn.person}同一时间已排在{clash.watch}"})


def people_named(roster: Roster, words: Sequence[str]) -> tuple[list[Person], list[str]]:
    """People of the roster's pool by name, or name and the last four digits; and what is wrong with the words."""
    known: dict[str, list[Person]] = defaultdict(list)
    for person in roster.kind.pool(roster.org):
        for said in {person.name, f"{person.name} {person.phone_tail}"}:
            known[said].append(person)
    people, faults = [], []
    for said in words:
        found = known.get(" ".join(said.split()), [])
        if len(found) == 1:
            people.append(found[0])
        else:
            faults.append(
                f"没有“{said}”" if not found else f"有 {len(found)} 位“{said}”，请在姓名后加空格和手机尾号"
            )
    return people, faults


def refuse_if_faulty(roster: Roster) -> None:
    """Rejected with everything that is wrong; for use inside the transaction that lets it go out."""
    if faults := faults_of(roster):
        raise Rejected({"": shortened(faults)})
