"""The written rule of use and custody of gear, and what gate rooms prove of a school (N2.04)."""

from django.db.models import Exists, OuterRef, Q

from anlan.base.proofs import Proof, declare_proof
from anlan.domains.guards.gear import Gear, Post, short
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.engines.files.api import Attachment, attachments_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel import events

RULE = "rule"


@events.on(Written)
def note_the_rule(event: Written) -> None:
    """A post knows whether the custody rule is uploaded there."""
    file = event.record
    if isinstance(file, Attachment) and (file.model, file.slot) == (Post._meta.label_lower, RULE):
        post = Post.objects.unscoped().get(pk=file.object_id)
        change(SYSTEM, post, {"ruled": bool(attachments_of(post, RULE))})


def ruled() -> Q:
    """Condition on rows with a unit: the unit has uploaded its custody rule."""
    return Q(Exists(Post.unguarded.filter(org=OuterRef("org"), ruled=True, archived_at=None)))


def lacking_at(unit: OrgUnit) -> str | None:
    """What the gate rooms of a unit lack, in words: gear, and the custody rule; None without any."""
    posts = Post.objects.unscoped().filter(org=unit, archived_at=None)
    gates = posts.filter(room="gate")
    if not gates.exists():
        return None
    said = [f"{post}装备不足" for post in gates.filter(short())]
    return "、".join(said if posts.filter(ruled=True).exists() else [*said, "没有上传器械使用保管制度"])


declare_proof(Proof("guards.gear", "防护岗位", lacking_at, (Post, Gear)))
