"""Places and the cameras that serve them: a video requirement is met only while a camera works there (N1.17).

Where the requirement names a grade of image, checks must prove it: live and playback, by day, and by night where
people must be told apart then (N1.10, N1.11). A school that has registered no camera yet is taken at its word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from anlan.domains.site_security.device_checks import DeviceCheck
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.editions import GRADES
from anlan.domains.site_security.surveys import Statement, Verdict
from anlan.engines.audit.api import SYSTEM, Written, WrittenTogether, change
from anlan.kernel import events

BY_DAY = {"day_live": "白天实时", "day_playback": "白天回放"}
BY_NIGHT = {"night_live": "夜间实时", "night_playback": "夜间回放"}
NEEDED = {
    "activity": BY_DAY,
    "activity_order": BY_DAY | BY_NIGHT,
    "person": BY_DAY,
    "person_vehicle": BY_DAY | BY_NIGHT,
}
SEVERITY = (Verdict.MET.value, Verdict.UNPROVED.value, Verdict.NOT_MET.value)
MATTERS = {"condition", "place", "kind", "archived_at"}


@dataclass(frozen=True)
class Proof:
    """What the cameras of a place say of a requirement; ``why`` it is not met, in words."""

    verdict: str = Verdict.MET.value
    why: str = ""
    grade: str = ""
    cameras: list[Device] = field(default_factory=list)


class Cameras:
    """The cameras of one school, and the latest verdict on each of their images."""

    def __init__(self, unit_id: int) -> None:
        rows = Device.objects.unscoped().filter(org=unit_id, family="video", archived_at=None)
        rows = rows.exclude(condition=Condition.WITHDRAWN).select_related("kind", "org")
        self.all = [device for device in rows if device.is_camera]
        self.images: dict[int, dict[str, str]] = defaultdict(dict)
        checks = DeviceCheck.objects.unscoped().filter(
            device__in=[one.pk for one in self.all], archived_at=None
        )
        for device, images in checks.order_by("pk").values_list("device", "images"):
            said = {code: verdict for code, verdict in images.items() if verdict != "na"}
            self.images[device] |= said

    def proof(self, row: Statement) -> Proof | None:
        """Of one statement; None where cameras have nothing to say."""
        if row.measure != "video" or row.place_id is None or not self.all:
            return None
        grade, here = row.requirement.grade, [one for one in self.all if one.place_id == row.place_id]
        proof = partial(Proof, grade=dict(GRADES).get(grade, ""), cameras=here)
        working = [one for one in here if one.condition == Condition.ONLINE]
        if not working:
            return proof(Verdict.NOT_MET, "这个部位现在没有正常工作的摄像机")
        found = [self._judged(one, NEEDED.get(grade, {})) for one in working]
        return proof(*min(found, key=lambda one: SEVERITY.index(one[0])))

    def _judged(self, device: Device, needed: dict[str, str]) -> tuple[str, str]:
        known = self.images[device.pk]
        failed = [words for code, words in needed.items() if known.get(code) == "fail"]
        lacking = [words for code, words in needed.items() if code not in known]
        if failed:
            return Verdict.NOT_MET.value, f"{device} {'、'.join(failed)}图像核验不合格"
        if lacking:
            return Verdict.UNPROVED.value, f"{device} 缺少{'、'.join(lacking)}图像核验"
        return Verdict.MET.value, ""


def proof_of(row: Statement) -> Proof | None:
    """What cameras say of one statement; None where they have nothing to say."""
    return Cameras(row.org_id).proof(row) if row.measure == "video" and row.place_id else None


def _statements(unit_id: int) -> Iterator[Statement]:
    rows = Statement.objects.unscoped().filter(
        org=unit_id, measure="video", place__isnull=False, archived_at=None, survey__archived_at=None
    )
    yield from rows.select_related("requirement", "org")


def settle(unit_ids: Iterable[int]) -> None:
    """Let every statement about cameras of the schools follow what the cameras say now."""
    for unit_id in unit_ids:
        cameras = Cameras(unit_id)
        for row in _statements(unit_id):
            found = cameras.proof(row)
            now = found.verdict if found and row.outcome == Verdict.MET else row.outcome
            if now != row.result:
                change(SYSTEM, row, {"result": now}, action="follow")


def _concerns(record: Any, event: Written) -> bool:
    if isinstance(record, DeviceCheck):
        return bool(record.images)
    return isinstance(record, Device) and record.is_camera and bool(MATTERS & set(event.after))


@events.on(Written)
def follow_cameras(event: Written) -> None:
    """A camera that comes, goes, fails or was looked at settles the statements of its school."""
    if not event.together and _concerns(event.record, event):
        settle([event.record.org_id])


@events.on(WrittenTogether)
def follow_many(event: WrittenTogether) -> None:
    """The same once for many."""
    if isinstance(event.records[0], Device | DeviceCheck):
        settle(dict.fromkeys(record.org_id for record in event.records))
