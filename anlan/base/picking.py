"""Choosing schools: one endpoint behind every picker, scoped, by name, pinyin and initials, or a whole town (D09.4)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse, QueryDict
from django.views.decorators.http import require_safe

from anlan.base.schools import School
from anlan.engines.org.api import require

SHOWN, WHOLE = 20, 2000
NARROWING = {"kind": "kind__in", "nature": "nature__in", "town": "town__in", "tag": "tags__in"}


def schools_for(user: Any, query: QueryDict) -> Any:
    """Open schools of the person's scope that fit ``q`` and every value of kind, nature, town and tag."""
    rows = School.objects.visible(user, "base.schools.view").filter(archived_at=None, closed_on=None)
    rows = narrowed(rows, query)
    for word in query.get("q", "").replace("\x00", "").split()[:4]:
        rows = rows.filter(named(word))
    return rows.select_related("town", "org")


def narrowed(rows: Any, query: QueryDict) -> Any:
    """The schools that fit every value of kind, nature, town and tag, and ``name``; unknown values find nothing."""
    for name, lookup in NARROWING.items():
        said = [value for value in query.getlist(name) if value]
        if known := [value for value in said if _fits(name, value)]:
            rows = rows.filter(pk__in=School.unguarded.filter(**{lookup: known}).values("pk"))
        elif said:
            rows = rows.none()
    for word in query.get("name", "").replace("\x00", "").split()[:4]:
        rows = rows.filter(named(word))
    return rows


def _fits(name: str, value: str) -> bool:
    return value.isdecimal() and len(value) < 18 if name in ("town", "tag") else 0 < len(value) < 80


def named(word: str) -> Q:
    """Schools whose name, pinyin, initials, code or town fits a word."""
    small = word.lower()
    return (
        Q(name__icontains=word)
        | Q(short_name__icontains=word)
        | Q(pinyin__contains=small)
        | Q(initials__contains=small)
        | Q(code=word)
        | Q(town__short_name__icontains=word)
    )


@require_safe
def pick(request: HttpRequest) -> JsonResponse:
    """Rows ``value``, ``label``, ``note`` and their ``total``; ``all=1`` gives every one that fits.

    ``of=unit`` makes the values units instead of schools.
    """
    require(request.user, "base.schools.view")
    rows = schools_for(request.user, request.GET)
    many = WHOLE if request.GET.get("all") else SHOWN
    key = "org_id" if request.GET.get("of") == "unit" else "pk"
    shown = [
        {
            "value": getattr(row, key),
            "label": row.name,
            "note": f"{row.town or ''} {row.get_kind_display()}".strip(),
        }
        for row in rows.order_by("org__path")[:many]
    ]
    return JsonResponse({"rows": shown, "total": rows.count()})
