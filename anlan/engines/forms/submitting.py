"""Submitting: the answers are checked against their version, counted and closed; reopening takes the
counts out.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change, log
from anlan.engines.forms.answering import hold, merge
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.definition import FAIL, Form, Question
from anlan.engines.forms.evidence import adopt_files, awaited
from anlan.engines.forms.incoming import AnswerIn, cleaned
from anlan.engines.forms.responses import OPEN, STILL_OPEN, SUBMITTED, Response
from anlan.engines.forms.showing import shown
from anlan.engines.forms.signing import Signing, bind, signing_of, unsigned, values_of
from anlan.engines.forms.tallies import count_in
from anlan.engines.forms.values import Wrong, clean_location, uid_text
from anlan.engines.forms.weighing import Given, missing, outcome
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected


@dataclass(frozen=True)
class Submitted:
    """Event: a response was submitted; same transaction. ``failed`` are the answers judged not to pass."""

    actor: Actor
    response: Response
    failed: tuple[Answer, ...]


def given_by(rows: Iterable[Answer]) -> dict[str, Given]:
    """Answers as the rules look at them, by question."""
    return {row.question: Given(row.value, row.note, tuple(row.photos), row.score) for row in rows}


def still_missing(response: Response, answers: Iterable[Answer] | None = None) -> dict[str, list[str]]:
    """What keeps the response from being submitted, by question uid."""
    form = response.form_version.form()
    given = given_by(answers if answers is not None else response.answers.all())
    asked = shown(form, response.facts, {uid: one.value for uid, one in given.items()})
    return missing(form, asked, given)


@contextmanager
def refusals_audited(actor: Actor, uid: UUID) -> Iterator[None]:
    """Write down that a submission was refused for a right or a state, outside of what was rolled back."""
    try:
        yield
    except (Conflict, Forbidden) as refused:
        response = Response.objects.unscoped().filter(uid=uid).first()
        log(actor, "refused:submit", response, succeeded=False, reason=refused.message)
        raise


@transaction.atomic
def submit(
    actor: Actor,
    response: Response,
    answers: Iterable[AnswerIn] = (),
    *,
    location: Any = None,
    signature: str = "",
    signed_how: str = "",
    phone_submitted_at: datetime | None = None,
    files_follow: bool = False,
) -> Response:
    """Close a response for good, last answers included, and count it.

    Rejected, by question, for whatever is missing or wrong under the version it was filled in with; Conflict
    when it is submitted already. ``files_follow`` (phones) lets answers rely on pictures still to come.
    """
    form = response.form_version.form()
    incoming = cleaned(form, answers)
    hold(response)
    merge(response, form, incoming)
    rows = {row.question: row for row in response.answers.all()}
    values = {question: row.value for question, row in rows.items()}
    asked = shown(form, response.facts, values)
    closing = _closing(form, location or response.location, signature or response.signature)
    _refuse(form, asked, rows)
    counted = _settle(asked, rows)
    adopt_files(actor, response, closing["signature"])
    if not files_follow:
        _refuse_awaited(response, counted, closing["signature"])
    closing |= values_of(actor, response, closing["signature"], signed_how)
    result = outcome(asked, given_by(rows.values()))
    change(
        actor,
        response,
        {
            "state": SUBMITTED,
            "submitted_at": clock.now(),
            "phone_submitted_at": phone_submitted_at,
            "digest": digest_of(rows.values()),
            **closing,
            **asdict(result),
        },
        action="submit",
        expect=STILL_OPEN,
    )
    bind(actor, response, response.digest)
    count_in(response, counted)
    failed = tuple(row for row in counted if row.verdict == FAIL)
    events.publish(Submitted(actor, response, failed))
    return response


def _closing(form: Form, location: Any, signature: str) -> dict[str, Any]:
    faults: dict[str, str] = {}
    try:
        location = clean_location(location) if location else None
        signature = signature if signature in ("", "confirmed") else uid_text(signature)
    except Wrong as wrong:
        faults["location"] = str(wrong)
    if form.located and not location:
        faults["location"] = "请定位，或写明在哪里"
    if form.signed and not signature:
        faults["signature"] = "请签名"
    if faults:
        raise Rejected(faults)
    return {"location": location, "signature": signature}


def _refuse(form: Form, asked: list[Question], rows: dict[str, Answer]) -> None:
    faults = missing(form, asked, given_by(rows.values()))
    units = {q.uid: rows[q.uid].value for q in asked if q.type == "org" and q.uid in rows}
    named = {uid: code for uid, code in units.items() if code}
    known = set(OrgUnit.objects.filter(code__in=named.values()).values_list("code", flat=True))
    faults.update({uid: ["没有这个单位"] for uid, code in named.items() if code not in known})
    if faults:
        raise Rejected(faults)


def _refuse_awaited(response: Response, rows: Iterable[Answer], signature: str) -> None:
    if lacking := awaited(response, rows, signature):
        raise Rejected(dict.fromkeys(lacking, "有文件没有传上来，请重传"))


def _settle(asked: list[Question], rows: dict[str, Answer]) -> list[Answer]:
    """Give the answers that apply their day; the others keep none and count nowhere."""
    applies = {question.uid for question in asked}
    counted = [row for row in rows.values() if row.question in applies]
    for row in counted:
        row.day = clock.today()
    pks = [row.pk for row in counted]
    Answer.objects.filter(pk__in=pks).update(day=clock.today())
    return counted


def digest_of(rows: Iterable[Answer]) -> str:
    """SHA-256 over every answer, so that the audit entry of the submission pins them."""
    plain = sorted(
        [row.question, row.value, row.note, row.photos, None if row.score is None else f"{row.score:.2f}"]
        for row in rows
    )
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def signing(response: Response) -> Signing | None:
    """The signature of a response, held against the answers there are now; None for an unsigned one."""
    return signing_of(response, digest_of(response.answers.all()) if response.signature else "")


@transaction.atomic
def reopen(actor: Actor, response: Response) -> Response:
    """Hand a submitted response back for correction, to be signed anew; its counts are taken out again."""
    counted = list(response.answers.filter(day__isnull=False))
    change(
        actor,
        response,
        {"state": OPEN, "submitted_at": None, "digest": "", **unsigned()},
        action="reopen",
        expect=Q(state=SUBMITTED),
    )
    count_in(response, counted, by=-1)
    response.answers.update(day=None)
    return response
