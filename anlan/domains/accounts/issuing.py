"""Verbs of the directory: copy a former version, issue, end an own entry (S06.1)."""

from django.db import transaction
from django.db.models import Q

from anlan.domains.accounts.sections import Directory, Section
from anlan.domains.accounts.years import shifted, this_year
from anlan.engines.audit.api import Actor, change, create_all
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

COPIED = ("title", "kind", "period", "source", "condition", "required", "materials", "file_kind")


def issued(directory: Directory) -> list[Directory]:
    """Versions the same unit issued, newest first."""
    rows = Directory.objects.unscoped().filter(org=directory.org, archived_at=None, issued_at__isnull=False)
    return list(rows.order_by("-year"))


@transaction.atomic
def copy_former(actor: Actor, directory: Directory) -> int:
    """Take over the entries of the version in force that are not in this one; Conflict where there is none."""
    former = issued(directory)
    if not former:
        raise Conflict("还没有发布过目录，没有可复制的条目")
    there = set(directory.sections.filter(archived_at=None).values_list("title", flat=True))
    rows = former[0].sections.filter(archived_at=None).exclude(title__in=there).order_by("pk")
    copies = [_copy(directory, one) for one in rows]
    create_all(actor, copies)
    return len(copies)


def _copy(directory: Directory, one: Section) -> Section:
    said = {name: getattr(one, name) for name in COPIED}
    return Section(org=directory.org, directory=directory, since=directory.year, **said)


@transaction.atomic
def issue(actor: Actor, directory: Directory) -> Directory:
    """The version stands from its school year; former entries end with the year before.

    Conflict without entries, for a year already begun that has a version, or one not after the last.
    """
    former = issued(directory)
    rows = list(directory.sections.filter(archived_at=None))
    if not rows:
        raise Conflict("目录里还没有条目")
    if directory.year < this_year() or (former and directory.year <= this_year()):
        raise Conflict("新版目录只能从下一学年起用，已经开始的学年保持原样")
    if former and directory.year <= former[0].year:
        raise Conflict(f"已有从 {former[0].year} 学年起用的目录")
    change(actor, directory, {"issued_at": clock.now()}, action="issue", expect=Q(issued_at=None))
    for one in rows:
        change(actor, one, {"since": directory.year})
    for earlier in former[:1]:
        for one in earlier.sections.filter(archived_at=None):
            change(actor, one, {"until": shifted(directory.year, -1)}, action="end")
    return directory


def end_own(actor: Actor, section: Section) -> None:
    """An own entry stands to the end of this school year; former years keep it."""
    change(actor, section, {"until": this_year()}, action="end", expect=Q(until="", directory=None))
