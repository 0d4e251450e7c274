"""Missing material is reminded of once a week, what runs out within days as well (S06.4)."""

from datetime import timedelta
from typing import Any

from anlan.domains.accounts.completeness import Degree, Year, schools_below
from anlan.domains.accounts.sections import Directory
from anlan.domains.accounts.years import this_year
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import Job, background, declare_periodic, progress
from anlan.kernel import clock

FILLS = "accounts.items.add"
AHEAD = timedelta(days=7)
NAMED = 3
declare_event("accounts.missing", "urge", "安全台账缺 {number} 项材料", "{names}", channels="wechat")


def wanting(degree: Degree) -> list[str]:
    """In words: what is missing of periods that have ended or end within a week."""
    until = clock.today() + AHEAD
    return [one.words for one in degree.missing if one.period.last <= until]


def remind_school(unit: OrgUnit, degree: Degree) -> int:
    """Tell who keeps the ledgers of the school, once a week; how many were told."""
    names = wanting(degree)
    if not names:
        return 0
    more = f"等 {len(names)} 项" if len(names) > NAMED else ""
    year, week, _ = clock.today().isocalendar()
    said = {"number": len(names), "names": f"缺少：{'；'.join(names[:NAMED])}{more}。"}
    url, key = f"/accounts/schools/{unit.pk}/", f"accounts.missing:{unit.pk}:{year}-{week}"
    people = holders(unit, permission=FILLS, at_unit=True)
    return send("accounts.missing", people, url=url, key=key, org=unit, context=said)


def remind_schools(job: Job | None = None) -> int:
    """Every school below a unit that has issued a directory; how many messages are new."""
    issuers = Directory.objects.unscoped().filter(archived_at=None, issued_at__isnull=False)
    areas = OrgUnit.objects.filter(pk__in=issuers.values("org")).order_by("path")
    told = 0
    for area in areas:
        standing, schools = Year(area, this_year()), list(schools_below(area))
        for number, unit in enumerate(schools):
            told += remind_school(unit, standing.degree(unit))
            if job is not None and number % 50 == 0:
                progress(job, number, len(schools))
    return told


@background("提醒安全台账缺项")
def remind_weekly(job: Job) -> dict[str, Any]:
    """The weekly round."""
    return {"text": f"发出 {remind_schools(job)} 条提醒"}


declare_periodic("accounts.missing", "0 8 * * 1", remind_weekly)
