"""Verbs of responsibility letters: issue to everybody addressed, sign, urge (S05.3)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.base.people import PersonLeft
from anlan.base.posts import PostHolder
from anlan.domains.organisation.letters import Letter, LetterIssue, filled
from anlan.engines.audit.api import Actor, archive, change, create_all
from anlan.engines.messaging.api import declare_event, send, urge
from anlan.engines.org.api import declare_permission, require
from anlan.engines.output.api import seal, sign
from anlan.engines.tasks.api import Todo, close_todos, day_end, open_todos
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

ISSUERS = ("bureau_safety", "bureau_leader", "school_head", "school_safety")
SIGNERS = (
    "bureau_safety", "bureau_leader", "township_officer", "school_head", "school_safety", "school_contact", "staff",
    "guard", "canteen_manager", "dorm_keeper", "outsider",
)  # fmt: skip
ISSUE = declare_permission("organisation.issues.issue", "责任书：签发", ("bureau_leader", "school_head")).code
SIGN = declare_permission("organisation.letters.sign", "责任书：签署发给本人的", SIGNERS).code
WAITING = "organisation.letter"
NAMED = 5
declare_event(
    "organisation.letter", "task", "请签署：{title}", "{sender}请您在 {due} 前签署。", channels="sms wechat"
)


def addressed(issue: LetterIssue) -> list[PostHolder]:
    """Who is to sign: holders of the post at the schools, and those named. Rejected by field where a school has
    nobody in the post, or somebody named holds none any more.
    """
    today = clock.today()
    in_post = PostHolder.objects.unscoped().filter(
        Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today, archived_at=None
    )
    in_post = in_post.select_related("org", "person__account", "post")
    schools, named = list(issue.schools.all()), list(issue.named.all())
    found = list(in_post.filter(org__in=schools, post=issue.post)) if issue.post else []
    chosen = list(in_post.filter(pk__in=[one.pk for one in named]))
    faults = {
        "schools": _without(schools, {one.org_id for one in found}, "没有人担任这个岗位")
        if issue.post
        else "",
        "named": _without(named, {one.pk for one in chosen}, "已不在岗，不能签责任书"),
        "post": "" if issue.post or not schools else "请选择签给哪个岗位",
    }
    if not schools and not named:
        faults["schools"] = "请选择学校或责任人"
    if said := {name: [words] for name, words in faults.items() if words}:
        raise Rejected(said)
    return list({one.pk: one for one in (*found, *chosen)}.values())


def _without(wanted: Iterable[Any], there: set[int], words: str) -> str:
    missing = [str(one) for one in wanted if one.pk not in there]
    more = f"等 {len(missing)} 个" if len(missing) > NAMED else ""
    return f"{'、'.join(missing[:NAMED])}{more}{words}" if missing else ""


@transaction.atomic
def issue_letters(actor: Actor, issue: LetterIssue, drawn: bytes = b"") -> list[Letter]:
    """Sign the issue and put one letter on the desk of everybody addressed; Conflict when it went out already."""
    found = require(actor.user, ISSUE)
    holders = addressed(issue)
    if outside := [str(one.org) for one in holders if not found.covers(one.org.path)]:
        raise Rejected({"schools": [f"{'、'.join(outside[:NAMED])}不在您的管理范围内"]})
    if silent := [str(one.person) for one in holders if one.person.account_id is None]:
        raise Rejected({"named": [f"{'、'.join(silent[:NAMED])}没有账号，不能在线签署"]})
    values = {"issued_at": clock.now(), "body": issue.template.body}
    change(actor, issue, values, action="issue", expect=Q(issued_at=None))
    sign(actor, issue, "签发单位", f"签发{issue.title}", drawn)
    letters = create_all(actor, [_letter(issue, one) for one in holders])
    open_todos(_todo(one) for one in letters)
    _tell(issue, [one.signer for one in letters])
    return letters


def _letter(issue: LetterIssue, holder: PostHolder) -> Letter:
    person, post = holder.person, str(holder.post)
    said = {
        "单位": holder.org.name,
        "姓名": person.name,
        "岗位": post,
        "学年": issue.year,
        "签发单位": issue.org.name,
    }
    return Letter(
        org=holder.org,
        issue=issue,
        holder=holder,
        signer=person.account,
        name=person.name,
        post=post,
        body=filled(issue.body, **said),
    )


def _todo(letter: Letter) -> Todo:
    return Todo(
        kind=WAITING,
        title=str(letter.issue),
        verb="签署",
        url=letter.get_absolute_url(),
        model=letter._meta.label_lower,
        object_id=letter.pk,
        org=letter.org,
        user=letter.signer,
        due_at=day_end(letter.issue.due_on),
    )


def _tell(issue: LetterIssue, people: list[Any]) -> None:
    said = {"title": str(issue), "sender": issue.org.name, "due": f"{issue.due_on:%m月%d日}"}
    send("organisation.letter", people, issue, url="/organisation/letters/?open=1", context=said)


@transaction.atomic
def sign_letter(actor: Actor, letter: Letter, drawn: bytes = b"") -> Letter:
    """The person addressed signs; the letter is sealed as a PDF with both signatures. Conflict when it was signed
    or withdrawn meanwhile.
    """
    if letter.signer_id != actor.user.pk:
        raise Conflict("只能由本人签署")
    sign(actor, letter, "责任人", f"签署{letter.issue.title}", drawn)
    change(
        actor, letter, {"signed_at": clock.now()}, action="sign", expect=Q(signed_at=None, archived_at=None)
    )
    title = f"{letter.issue.title}（{letter.org.name} {letter.post}）"
    seal(actor, letter, title, "organisation/letter_paper.html", {"letter": letter})
    close_todos(letter, actor.user, (WAITING,))
    return letter


def urge_unsigned(actor: Actor, issue: LetterIssue) -> None:
    """Remind everybody who has not signed; not more often than urging allows."""
    unsigned = issue.letters.filter(signed_at=None, archived_at=None).select_related("signer")
    people = [letter.signer for letter in unsigned]
    if not people:
        raise Conflict("都已签署，不用催办")
    urge(actor, issue, people)


def may_sign(letter: Letter) -> bool:
    """Not signed, not withdrawn."""
    return letter.signed_at is None and letter.archived_at is None


@events.on(PersonLeft)
def withdraw_of(event: PersonLeft) -> None:
    """Who left signs nothing any more; what was signed stays."""
    for letter in Letter.objects.unscoped().filter(
        holder__person=event.person, signed_at=None, archived_at=None
    ):
        archive(event.actor, letter)
        close_todos(letter, event.actor.user)
