"""What campus safety knows that speaks for an inspection (X.25)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from anlan.base.proposing import Signal, declare_signal
from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.registry.api import ledgers, overdue_condition
from anlan.kernel import clock

REPEATED_DAYS, CHECK_DAYS = 365, 90


def _open(units: Sequence[int]) -> Any:
    rows = Hazard.objects.unscoped().filter(org__in=units, reported_up=True).order_by()
    return rows.exclude(state__in=HazardFlow.final.split())


def _by_unit(rows: Any, field: str = "org") -> dict[int, int]:
    return dict(rows.values(field).annotate(n=Count("pk")).values_list(field, "n"))


def open_hazards(units: Sequence[int]) -> Mapping[int, int]:
    """Hazards not yet rectified."""
    return _by_unit(_open(units).exclude(state="rectified"))


def late_hazards(units: Sequence[int]) -> Mapping[int, int]:
    """Those past their deadline."""
    return _by_unit(_open(units).filter(overdue_condition()))


def repeated_hazards(units: Sequence[int]) -> Mapping[int, int]:
    """Kinds of risk found three times or more within a year."""
    since = clock.now() - timedelta(days=REPEATED_DAYS)
    rows = (
        Hazard.objects.unscoped().filter(org__in=units, found_at__gte=since).exclude(state="void").order_by()
    )
    often = rows.values("org", "category").annotate(n=Count("pk")).filter(n__gte=3)
    return Counter(often.values_list("org", flat=True))


def failed_checks(units: Sequence[int]) -> Mapping[int, int]:
    """Items failed in the inspections of the last three months."""
    since = clock.now() - timedelta(days=CHECK_DAYS)
    rows = InspectionTask.objects.unscoped().filter(org__in=units, submitted_at__gte=since).order_by()
    counted = rows.values("org").annotate(n=Sum("response__failed")).values_list("org", "n")
    return {unit: n for unit, n in counted if n}


def unvisited(units: Sequence[int]) -> Mapping[int, int]:
    """Schools nobody inspected for three months."""
    since = clock.now() - timedelta(days=CHECK_DAYS)
    rows = (
        InspectionTask.objects.unscoped()
        .filter(org__in=units)
        .filter(Q(submitted_at__gte=since) | Q(submitted_at=None, archived_at=None))
    )
    return dict.fromkeys(set(units) - set(rows.values_list("org", flat=True)), 1)


def expired(units: Sequence[int]) -> Mapping[int, int]:
    """Rows past their expiry in any ledger that has one: certificates, licences, equipment."""
    found: Counter[int] = Counter()
    for ledger in ledgers:
        if ledger.expires and not ledger.readonly:
            rows = (
                ledger.model.objects.unscoped()
                .filter(ledger.watched, org__in=units, archived_at=None)
                .order_by()
            )
            found.update(_by_unit(rows.filter(**{f"{ledger.expires}__lt": clock.today()})))
    return found


declare_signal(Signal("safety.late", "{n} 条隐患逾期未整改", 4, late_hazards, "逾期隐患整改"))
declare_signal(Signal("safety.open", "{n} 条隐患未整改", 3, open_hazards, "未整改隐患"))
declare_signal(Signal("base.expired", "{n} 份证照或设备已过期", 3, expired, "证照和有效期"))
declare_signal(Signal("safety.repeated", "{n} 类隐患反复出现", 2, repeated_hazards, "反复出现的隐患类别"))
declare_signal(Signal("safety.failed", "近三个月巡查 {n} 项不合格", 1, failed_checks, "不合格检查项"))
declare_signal(Signal("safety.unvisited", "三个月内没有巡查", 1, unvisited, "常规巡查"))
