"""The safety team of a bureau: who inspects which schools, with which rights (D01.13)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from anlan.base.derived_grants import LOADING, Wanted, derive_grants
from anlan.base.people import Person, PersonLeft
from anlan.base.roles import rights
from anlan.base.schools import School
from anlan.engines.audit.api import Actor, Written, archive
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Ledger, computed, ledger
from anlan.kernel import events
from anlan.kernel.errors import Conflict


class TeamMember(Record):
    """A person in the team of ``org``; the three switches and the linked schools become grants."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="人员")
    is_admin = models.BooleanField("小组管理员", default=False)
    may_check = models.BooleanField("可开展检查", default=True)
    may_raise_hazards = models.BooleanField("可上报隐患", default=False)
    schools = models.ManyToManyField(School, related_name="team_members", blank=True, verbose_name="关联学校")

    class Meta(Record.Meta):
        verbose_name = "安全小组成员"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "person"],
                name="base_team_member_once",
                condition=Q(archived_at=None),
                violation_error_message="此人已在小组中",
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        """The member's page."""
        return reverse("base.team:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a person who left."""
        if self.person_id and self.person.archived_at and not self.archived_at:
            raise ValidationError({"person": "此人已离岗"})


def wanted_grants(member: TeamMember) -> list[Wanted]:
    """Administrator at the bureau, inspector and hazard reporter at each linked school."""
    if member.archived_at:
        return []
    wanted = [Wanted("team_admin", member.org)] if member.is_admin else []
    units = [school.org for school in member.schools.select_related("org")]
    if member.may_check:
        wanted += [Wanted("inspector", unit) for unit in units]
    if member.may_raise_hazards:
        wanted += [Wanted("hazard_raiser", unit) for unit in units]
    return wanted


@events.on(Written)
def follow_member(event: Written) -> None:
    """Rights follow the switches at once; a team never loses its last administrator."""
    if not isinstance(event.record, TeamMember) or event.actor.channel == LOADING:
        return
    _keep_an_administrator(event.record, event)
    derive_grants(event.record, event.record.person.account, wanted_grants(event.record))


def _keep_an_administrator(member: TeamMember, event: Written) -> None:
    if event.before.get("is_admin") is not True and "archived_at" not in event.after:
        return
    OrgUnit.objects.select_for_update().get(pk=member.org_id)
    team = TeamMember.unguarded.filter(org=member.org_id, archived_at=None)
    was_admin = event.before.get("is_admin", member.is_admin)
    if was_admin and not team.filter(is_admin=True).exists():
        raise Conflict("小组至少要有一名管理员，请先指定另一位管理员")


@events.on(PersonLeft)
def leave_teams(event: PersonLeft) -> None:
    """A person who left is in no team; what they did stays."""
    for member in TeamMember.objects.unscoped().filter(person=event.person, archived_at=None):
        archive(event.actor, member)


def remove_member(actor: Actor, member: TeamMember) -> TeamMember:
    """Out of the team: no new tasks, history kept. Conflict for the last administrator."""
    return archive(actor, member)


def membership_of(user: Any) -> Any:
    """Active memberships of an account."""
    return TeamMember.objects.unscoped().filter(person__account=user, archived_at=None)


def schools_to_check(user: Any) -> Any:
    """Schools the member may check: the linked ones, if the switch is on."""
    members = membership_of(user).filter(may_check=True)
    return School.objects.unscoped().filter(team_members__in=members).distinct()


def may_raise_hazards(user: Any, unit: OrgUnit) -> bool:
    """Whether the member may raise a hazard at this school."""
    return bool(membership_of(user).filter(may_raise_hazards=True, schools__org=unit).exists())


@ledger
class Team(Ledger):
    """Members of the safety team, their switches and schools."""

    code = "base.team"
    model = TeamMember
    title = "安全小组"
    noun = "人"
    area, group, order = "base", "人员", 70
    columns = "person person__duty org is_admin may_check may_raise_hazards linked"
    facts = "person person__org person__duty org is_admin may_check may_raise_hazards schools"
    filters = "is_admin may_check may_raise_hazards schools"
    search = "person__name person__pinyin person__initials person__phone_tail person__org__name schools__name"
    key = "org person"
    form = "org person is_admin may_check may_raise_hazards schools"
    sort = "pk"
    example = {"is_admin": False, "may_check": True, "may_raise_hazards": True}
    roles = rights("bureau_safety bureau_leader team_admin", "bureau_safety team_admin")

    def refine(self, rows: Any) -> Any:
        """Members with the number of their schools."""
        return rows.annotate(linked_schools=models.Count("schools"))

    @computed("关联学校", kind="number")
    def linked(self, row: Any) -> int:
        """How many schools the member looks after."""
        return int(row.linked_schools)
