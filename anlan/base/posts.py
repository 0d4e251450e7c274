"""Safety posts of a unit and who holds them; a post carries a role, so its tasks go to its holder (D09.3)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from anlan.base.derived_grants import LOADING, Wanted, derive_grants
from anlan.base.handing_on import passes_on
from anlan.base.people import Person, PersonLeft
from anlan.base.vocabularies import Code, code_field, codes_of
from anlan.engines.audit.api import Actor, Written, change, create
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock, events
from anlan.kernel.identifiers import mobile_fault, normal_mobile


class PostHolder(Record):
    """A person in a post of the unit ``org`` for a period; history is kept."""

    post = code_field("safety_post", "岗位")
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    deputy = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts_helped",
        verbose_name="副职（AB 岗）",
    )
    duty = models.CharField("职责", max_length=100, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    starts_on = models.DateField("起", default=clock.today)
    ends_on = models.DateField("止", null=True, blank=True)
    single = models.BooleanField(default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = "安全责任人"
        ordering = ["org", "post__order", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "post"],
                name="base_single_post",
                condition=Q(single=True, ends_on=None, archived_at=None),
                violation_error_message="这个岗位只能有一人担任",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.person}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.posts:detail", args=[self.pk])

    def prepare(self) -> None:
        """Fill what follows from post and person."""
        if self.post_id:
            self.single = bool(self.post.extra.get("single"))
        if self.person_id and not self.phone:
            self.phone = self.person.phone
        self.phone = normal_mobile(self.phone)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the derived fields in place."""
        self.prepare()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse impossible phone numbers, reversed periods and a second holder of a single post."""
        faults: dict[str, str] = {}
        if self.phone and (fault := mobile_fault(self.phone)):
            faults["phone"] = fault
        if self.ends_on and self.ends_on < self.starts_on:
            faults["ends_on"] = "止期不能早于起期"
        if self.person_id and self.person.archived_at and not self.archived_at:
            faults["person"] = "此人已离岗，不能任职"
        if self.deputy and self.deputy.archived_at and not self.archived_at:
            faults["deputy"] = "此人已离岗，不能任副职"
        if self.single and self._overlapping().exists():
            faults["person"] = "这个岗位只能有一人担任，请先让原任职人员离任"
        if faults:
            raise ValidationError(faults)

    def _overlapping(self) -> models.QuerySet["PostHolder"]:
        others = PostHolder.unguarded.filter(org=self.org_id, post=self.post_id, archived_at=None)
        others = others.exclude(pk=self.pk).filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on))
        return others.filter(starts_on__lte=self.ends_on) if self.ends_on else others


def wanted_grants(holder: PostHolder) -> list[Wanted]:
    """The role of the post at the unit, for the period of holding it."""
    if holder.archived_at or not holder.post.extra.get("role"):
        return []
    return [Wanted(holder.post.extra["role"], holder.org, holder.starts_on, holder.ends_on)]


@events.on(Written)
def follow_post(event: Written) -> None:
    """A new holder receives what is addressed to the post, the former one no longer does."""
    if isinstance(event.record, PostHolder) and event.actor.channel != LOADING:
        derive_grants(event.record, event.record.person.account, wanted_grants(event.record))


@events.on(PersonLeft)
def vacate(event: PersonLeft) -> None:
    """A person who left holds no post."""
    for holder in PostHolder.objects.unscoped().filter(person=event.person, archived_at=None, ends_on=None):
        end_post(event.actor, holder)


def holders(unit: OrgUnit, post: str = "") -> Any:
    """Who holds the posts (or one post, by code) of a unit today."""
    today = clock.today()
    rows = PostHolder.objects.unscoped().filter(Q(ends_on=None) | Q(ends_on__gte=today))
    rows = rows.filter(org=unit, archived_at=None, starts_on__lte=today).select_related("post", "person")
    return rows.filter(post=f"safety_post.{post}") if post else rows


def end_post(actor: Actor, holder: PostHolder) -> PostHolder:
    """The holder leaves the post today; the record stays as history and its rights end at once."""
    today = clock.today()
    return change(
        actor, holder, {"ends_on": max(today, holder.starts_on), "archived_at": clock.now()}, action="end"
    )


def is_held(holder: PostHolder) -> bool:
    """Not ended."""
    return holder.archived_at is None


def hand_over(actor: Actor, unit: OrgUnit, post: str, person: Person, **values: Any) -> PostHolder:
    """End the present holders of a single post and put ``person`` in it, in one step."""
    with transaction.atomic():
        for former in holders(unit, post).filter(single=True):
            end_post(actor, former)
        return create(actor, PostHolder(org=unit, post_id=f"safety_post.{post}", person=person, **values))


def required_posts() -> list[Code]:
    """Posts that every school must fill."""
    return [code for code in codes_of("safety_post") if code.extra.get("required")]


def with_vacant_posts(rows: Any) -> Any:
    """Records with ``vacant_posts``: how many required posts of their unit nobody holds today."""
    today = clock.today()
    held = PostHolder.unguarded.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        org=models.OuterRef("org"),
        archived_at=None,
        starts_on__lte=today,
        post__extra__required="1",
        post__retired=False,
    )
    count = held.order_by().values("org").annotate(n=models.Count("post", distinct=True)).values("n")
    return rows.annotate(vacant_posts=len(required_posts()) - Coalesce(models.Subquery(count), 0))


def vacancies(units: list[int]) -> dict[int, list[Code]]:
    """Required posts that nobody holds today, by unit; a unit named here shows as incomplete."""
    today, required = clock.today(), required_posts()
    held = set(
        PostHolder.objects.unscoped()
        .filter(
            Q(ends_on=None) | Q(ends_on__gte=today), org__in=units, archived_at=None, starts_on__lte=today
        )
        .values_list("org", "post")
    )
    empty = {unit: [post for post in required if (unit, post.pk) not in held] for unit in units}
    return {unit: posts for unit, posts in empty.items() if posts}


passes_on(PostHolder, "deputy", lambda: ~Q(person=F("deputy")))
