"""Protective gear by post: what is in stock, issued and returned, signed, against the least list (D15.5, N2.04)."""

from datetime import UTC
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.domains.guards.people import Guard
from anlan.domains.guards.rules import SEED
from anlan.engines.audit.api import Actor, Written, change, create
from anlan.engines.output.api import Signed, content_digest, sign
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

KINDS = [
    ("helmet", "防暴头盔"), ("vest", "防刺背心"), ("gloves", "防割手套"), ("shield", "盾牌"), ("baton", "橡胶警棍"),
    ("fork", "钢叉（约束叉）"), ("spray", "催泪喷射器"), ("radio", "对讲机"), ("torch", "强光手电"),
    ("alarm", "手持报警器"), ("phone", "电话机"),
]  # fmt: skip
WORDS = dict(KINDS)


class Post(Entry):
    """A post that keeps gear: a gate, the room of dormitory keepers; ``ruled``: the custody rule is uploaded here."""

    ROOMS: ClassVar = [("gate", "门卫值班室"), ("dorm", "宿管值班室"), ("other", "其他")]

    name = models.CharField("岗位", max_length=40)
    room = models.CharField("处所", max_length=5, choices=ROOMS, default="gate", db_index=True)
    keeper = models.ForeignKey(
        Guard, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="保管人（保安）"
    )
    custodian = person_field("保管人（宿管、教职工）")
    ruled = models.BooleanField("已上传保管制度", default=False, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "防护岗位"
        constraints = [unique("guards_post_once", "org name", "本校已有同名的岗位")]

    def clean(self) -> None:
        """Who keeps it is of the school."""
        if self.keeper and self.keeper.org_id != self.org_id:
            raise ValidationError({"keeper": "只能选本校保安员"})
        if self.custodian and self.custodian.org_id != self.org_id:
            raise ValidationError({"custodian": "只能选本校人员"})


@events.on(Written)
def vacate_posts(event: Written) -> None:
    """Handler: a guard who left keeps the gear of no post."""
    guard = event.record
    if isinstance(guard, Guard) and event.after.get("left_on"):
        for post in guard.posts.filter(archived_at=None):
            change(event.actor, post, {"keeper": None})


class Gear(Entry):
    """Gear of one kind at a post; ``stock`` follows what is issued and returned, ``owned`` is all of it."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="gear", verbose_name="岗位")
    kind = models.CharField("装备", max_length=8, choices=KINDS, default="helmet", db_index=True)
    code = models.CharField("编号或批号", max_length=40, blank=True)
    owned = models.PositiveSmallIntegerField("配备数量")
    issued = models.PositiveSmallIntegerField("已领出", default=0, editable=False)
    bought_on = models.DateField("购置日期", null=True, blank=True)
    checked_on = models.DateField("最近检查日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "防护装备"
        ordering = ["post", "kind"]
        constraints = [
            unique("guards_gear_once", "post kind code", "这个岗位已登记这件装备"),
            models.CheckConstraint(
                condition=Q(issued__lte=models.F("owned")), name="guards_gear_not_over_issued"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.get_kind_display()}"

    def clean(self) -> None:
        """Refuse the post of another school, and fewer than are out."""
        faults: dict[str, str] = {}
        if self.post.org_id != self.org_id:
            faults["post"] = "只能选本校的岗位"
        if self.owned < self.issued:
            faults["owned"] = f"已领出 {self.issued} 件，不能少于这个数"
        if faults:
            raise ValidationError(faults)

    @property
    def stock(self) -> int:
        """What can still be issued."""
        return self.owned - self.issued


class Issue(Entry, Signed):
    """Gear taken out by a guard until it is returned; both is signed by who hands out and takes back."""

    gear = models.ForeignKey(Gear, models.PROTECT, related_name="issues", verbose_name="装备")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="issues", verbose_name="领用人")
    amount = models.PositiveSmallIntegerField("数量", validators=[MinValueValidator(1)])
    at = models.DateTimeField("领出时间", default=clock.now, db_index=True)
    back_at = models.DateTimeField("归还时间", null=True, editable=False)
    back = models.PositiveSmallIntegerField("归还数量", null=True, editable=False)
    note = models.CharField("没有归还的原因", max_length=100, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "装备领用"
        ordering = ["-at"]

    def signed_content(self) -> str:
        """Who took how much of what."""
        at = self.at.astimezone(UTC).isoformat()
        return content_digest("gear", self.gear_id, self.guard_id, self.amount, at)


@transaction.atomic
def issue(actor: Actor, gear: Gear, guard: Guard, amount: int, drawn: bytes = b"") -> Issue:
    """Take gear out, signed.

    Rejected for a guard of another school, Conflict where less is there, also after a race.
    """
    fresh: Gear = Gear.objects.unscoped().select_for_update().get(pk=gear.pk)
    if guard.org_id != fresh.org_id or guard.left_on:
        raise Rejected({"guard": "只能由本校在岗保安员领用"})
    if fresh.stock < amount:
        raise Conflict(f"库存只有 {fresh.stock} 件，不够领用")
    change(actor, fresh, {"issued": fresh.issued + amount}, action="issue")
    made = create(actor, Issue(org=fresh.org, gear=fresh, guard=guard, amount=amount))
    sign(actor, made, "领出", f"{guard}领出{amount}件", drawn)
    return made


@transaction.atomic
def give_back(actor: Actor, taken: Issue, back: int, note: str = "", drawn: bytes = b"") -> Issue:
    """Return what was taken, signed; pieces that do not come back are written off with a reason.

    Rejected for more than was taken, and for fewer without a reason; Conflict where it was returned already.
    """
    fresh: Gear = Gear.objects.unscoped().select_for_update().get(pk=taken.gear_id)
    if back > taken.amount:
        raise Rejected({"back": f"只领出 {taken.amount} 件，不能归还 {back} 件"})
    if back < taken.amount and not note.strip():
        raise Rejected({"note": "没有全部归还，请写明原因"})
    values = {"back_at": clock.now(), "back": back, "note": note.strip()}
    done = change(actor, taken, values, action="back", expect=Q(back_at=None))
    lost = taken.amount - back
    change(actor, fresh, {"issued": fresh.issued - taken.amount, "owned": fresh.owned - lost}, action="back")
    sign(actor, done, "归还", f"归还{back}件", drawn)
    return done


class Norm(Entry):
    """How many of a kind each post must have, for a unit and those below it; 0 where it need not have any."""

    INHERITED = True

    kind = models.CharField("装备", max_length=8, choices=KINDS, default="helmet", db_index=True)
    amount = models.PositiveSmallIntegerField("每岗至少")

    class Meta(Entry.Meta):
        verbose_name = "防护装备最低标准"
        constraints = [unique("guards_norm_once", "org kind", "这个单位已设置这种装备")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Norms:
    """The least amounts of all units, read once."""

    def __init__(self) -> None:
        rows = Norm.objects.unscoped().filter(archived_at=None).select_related("org")
        self.rows = sorted(rows, key=lambda row: len(row.org.path))

    def at(self, path: str) -> dict[str, int]:
        """Amount by kind for a post of the unit at ``path``."""
        own = {row.kind: row.amount for row in self.rows if path.startswith(row.org.path)}
        return {**SEED["gear"], **own}

    def lacking(self, kind: str) -> Q:
        """Condition on posts: fewer good pieces of this kind than the unit's least amount."""
        found = _fewer(kind, SEED["gear"].get(kind, 0))
        for row in (row for row in self.rows if row.kind == kind):
            here = Q(org__path__startswith=row.org.path)
            found = (found & ~here) | (here & _fewer(kind, row.amount))
        return found


def _fewer(kind: str, amount: int) -> Q:
    if not amount:
        return Q(pk__in=[])
    rows = Gear.unguarded.filter(good(), kind=kind, post=OuterRef("pk")).order_by().values("post")
    enough = rows.annotate(total=models.Sum("owned")).filter(total__gte=amount)
    return Q(~Exists(enough))


def good(prefix: str = "") -> Q:
    """Condition: there, and not past its date."""
    dated = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": clock.today()})
    return dated & Q(**{f"{prefix}archived_at": None})


def short() -> Q:
    """Condition on posts: something of the least list is lacking."""
    norms, found = Norms(), Q(pk__in=[])
    for kind, _ in KINDS:
        found |= norms.lacking(kind)
    return found


def shortages(norms: dict[str, int], there: dict[str, int]) -> list[str]:
    """What a post lacks, in words; ``there`` is the amount by kind."""
    return [
        f"{WORDS[kind]} {there.get(kind, 0)}/{amount}"
        for kind, amount in norms.items()
        if there.get(kind, 0) < amount
    ]


passes_on(Post, "custodian")
