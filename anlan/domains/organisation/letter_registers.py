"""Ledgers of issues of responsibility letters and of the letters themselves (S05.3)."""

from typing import Any

from django import forms
from django.db.models import Count, Q

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.organisation.issuing import (
    ISSUE,
    ISSUERS,
    SIGN,
    SIGNERS,
    addressed,
    issue_letters,
    may_sign,
    sign_letter,
    urge_unsigned,
)
from anlan.domains.organisation.letters import Letter, LetterIssue
from anlan.engines.audit.api import Actor
from anlan.engines.output.api import paper_of, signature_faults, signatures_of
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.shell.signing import SignatureField

SIGNING = Personal("落实安全责任到人", "中小学幼儿园安全管理办法", "随责任书保存")
EFFECT = "您确认已阅读责任书全文。签署后不能更改，并生成带双方签名的文书。"
PAD = "可用手指或鼠标签名；不便手写时留空，以密码确认为准"


def is_draft(issue: LetterIssue) -> bool:
    """Not issued yet."""
    return issue.issued_at is None


def is_issued(issue: LetterIssue) -> bool:
    """Letters are out."""
    return issue.issued_at is not None


def effect_of_issue(issue: LetterIssue) -> str:
    """How many letters will go out."""
    return f"将向 {len(addressed(issue))} 位责任人发出责任书，发出后正文不能再改。"


class SignForm(forms.Form):
    """The signature of who issues or signs."""

    signature = SignatureField("签名", help_text=PAD)


@ledger
class Issues(Ledger):
    """What was issued to whom, with how many signed and not signed."""

    code = "organisation.issues"
    model = LetterIssue
    title, noun, icon = "责任书签订", "次", "signature"
    area, group, order = "safety", "责任书", 400
    columns = "title year org addressed signed unsigned due_on issued_at"
    filters = "org year issued_at"
    search = "title"
    form = "org template title year due_on post schools named"
    facts = "title year org template due_on post issued_at"
    example = {"title": "校园安全目标责任书", "year": "2026-2027", "due_on": "2026-12-31"}
    happenings = {"issue": "签发", "sign": "签署", "urge": "催办"}
    roles = {"view": (*ABOVE, *AT_SCHOOL), **dict.fromkeys(("add", "edit", "archive", "export"), ISSUERS)}

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit issues it."""
        return {"org": user.unit_id}

    def refine(self, rows: Any) -> Any:
        """With the counts."""
        there = Q(letters__archived_at=None)
        return rows.annotate(
            all_letters=Count("letters", there),
            open_letters=Count("letters", there & Q(letters__signed_at=None)),
        )

    @computed("应签")
    def addressed(self, row: Any) -> int:
        """Everybody addressed."""
        return int(row.all_letters)

    @computed("已签")
    def signed(self, row: Any) -> int:
        """Who signed."""
        return int(row.all_letters - row.open_letters)

    @computed("未签")
    def unsigned(self, row: Any) -> int:
        """Who did not."""
        return int(row.open_letters)

    @act(
        "签发",
        ISSUE,
        form=SignForm,
        icon="signature",
        kind="primary",
        when=is_draft,
        effect=effect_of_issue,
        confirm=True,
    )
    def issue(self, actor: Actor, record: LetterIssue, values: dict[str, Any]) -> None:
        """Sign and send."""
        issue_letters(actor, record, values["signature"])

    @act("催办未签", ISSUE, icon="bell", when=is_issued, effect="只提醒还没有签署的人")
    def urge(self, actor: Actor, record: LetterIssue, values: dict[str, Any]) -> None:
        """Remind those who did not sign."""
        urge_unsigned(actor, record)

    def locked(self, record: Any, verb: str) -> str:
        """What people sign cannot change under their hands."""
        return "" if is_draft(record) else "已签发的责任书不能修改"

    @block("签署情况", "organisation/issue_standing.html")
    def standing(self, request: Any, record: LetterIssue) -> dict[str, Any] | None:
        """The letters, those not signed first."""
        rows = (
            record.letters.filter(archived_at=None).select_related("org").order_by("signed_at", "org__path")
        )
        return {"letters": rows, "issue": record} if is_issued(record) else None


@ledger
class Letters(Ledger):
    """Letters: each person sees the own ones, who issues sees all."""

    code = "organisation.letters"
    model = Letter
    readonly = True
    title, noun, icon = "责任书", "份", "file-certificate"
    area, group, order = "safety", "责任书", 410
    columns = "issue org name post stand signed_at"
    filters = "org issue signed_at"
    search = "name post org__name issue__title"
    views = {"未签署": "open=1"}
    marks = {"open": lambda: Q(signed_at=None)}
    happenings = {"sign": "签署", "seal": "生成签署文书"}
    photos = ""
    personal = {"name": SIGNING}
    whose = "holder__person"
    roles = {"view": (*ABOVE, "school_head", "school_safety"), "view.own": SIGNERS, "export": ISSUERS}

    @computed("状态", "chip")
    def stand(self, row: Letter) -> tuple[str, str]:
        """Signed or not."""
        return ("done", "已签署") if row.signed_at else ("todo", "待签署")

    @act(
        "签署",
        SIGN,
        form=SignForm,
        icon="signature",
        kind="primary",
        when=may_sign,
        own=True,
        confirm=True,
        effect=EFFECT,
    )
    def sign(self, actor: Actor, record: Letter, values: dict[str, Any]) -> None:
        """Sign the own letter."""
        sign_letter(actor, record, values["signature"])

    @block("正文", "organisation/letter_text.html", printed=True)
    def text(self, request: Any, record: Letter) -> dict[str, Any]:
        """The words, the signatures, and the sealed PDF."""
        return {
            "letter": record,
            "signatures": signatures_of(record),
            "faults": signature_faults(record),
            "paper": paper_of(record),
        }
