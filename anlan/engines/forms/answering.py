"""Filling in: begin, save part-way, submit, reopen. Every change of answers happens here, under the
response's row lock.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change, create
from anlan.engines.forms.answers import Answer, ancestor_ids
from anlan.engines.forms.bank import Item
from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.incoming import AnswerIn, cleaned
from anlan.engines.forms.responses import OPEN, STILL_OPEN, SUBMITTED, Response
from anlan.engines.forms.showing import facts_of, shown
from anlan.engines.forms.tallies import count_in
from anlan.engines.forms.values import Wrong, clean_location, uid_text
from anlan.engines.forms.weighing import Given, missing, outcome, score_of, verdict_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

CHANGED = ["uid", "at", "value", "note", "photos", "score", "verdict", "item", "day"]


@dataclass(frozen=True)
class Submitted:
    """Event: a response was submitted; same transaction. ``failed`` are the answers judged not to pass."""

    actor: Actor
    response: Response
    failed: tuple[Answer, ...]


@dataclass(frozen=True)
class Saved:
    """What a save did: question uids stored, and those where a later answer was there already."""

    stored: tuple[str, ...]
    older: tuple[str, ...]


def begin(
    actor: Actor,
    version: FormVersion,
    unit: OrgUnit,
    purpose: str,
    *,
    respondent: Any = None,
    uid: UUID | None = None,
    phone_started_at: datetime | None = None,
) -> Response:
    """An empty response about ``unit``. With a ``uid`` used before, the response begun then (Conflict
    if it is another's).
    """
    respondent = respondent or actor.user
    known: Response | None = Response.objects.unscoped().filter(uid=uid).first() if uid else None
    if known is not None:
        if (known.form_version_id, known.org_id, known.respondent, known.purpose) != (
            version.pk,
            unit.pk,
            respondent,
            purpose,
        ):
            raise Conflict("这个编号已用于另一份检查结果")
        return known
    response = Response(
        org=unit,
        form_version=version,
        purpose=purpose,
        respondent=respondent,
        facts=facts_of(unit),
        phone_started_at=phone_started_at,
    )
    if uid is not None:
        response.uid = uid
    return create(actor, response)


@transaction.atomic
def save_answers(actor: Actor, response: Response, answers: Iterable[AnswerIn]) -> Saved:
    """Keep a draft: per question the answer with the later client time wins, so replays and two phones
    do no harm.

    Rejected by question (nothing stored) for unknown questions and values not of their type; Conflict
    once submitted.
    """
    form = response.form_version.form()
    incoming = cleaned(form, answers)
    hold(response)
    return _merge(response, form, incoming)


def hold(response: Response) -> None:
    """Lock the response while it is open; Conflict once it is submitted."""
    rows = Response.objects.unscoped().filter(STILL_OPEN, pk=response.pk, archived_at=None)
    if not rows.update(updated_at=clock.now()):
        raise Conflict("这份检查结果已经提交，不能再改")


def _merge(response: Response, form: Form, incoming: Sequence[AnswerIn]) -> Saved:
    there = dict(
        Answer.objects.filter(response=response, question__in=[one.question for one in incoming]).values_list(
            "question", "at"
        )
    )
    fresh = [one for one in incoming if one.question not in there or one.at > there[one.question]]
    questions, stamp = form.by_uid(), _stamp(response, form)
    _write([stamp.row(questions[one.question], one) for one in fresh])
    stored = tuple(one.question for one in fresh)
    return Saved(stored, tuple(one.question for one in incoming if one.question not in stored))


def _write(rows: list[Answer]) -> None:
    if rows:
        Answer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["response", "question"], update_fields=CHANGED
        )


@dataclass(frozen=True)
class _Stamp:
    """What every answer of a response shares."""

    response: Response
    items: dict[str, int]
    levels: dict[str, int | None]

    def row(self, question: Question, one: AnswerIn) -> Answer:
        given = Given(one.value, one.note, one.photos, one.score)
        return Answer(
            response=self.response,
            question=question.uid,
            item_id=self.items.get(question.item),
            uid=one.uid,
            at=one.at,
            value=one.value,
            verdict=verdict_of(question, one.value),
            note=one.note,
            photos=list(one.photos),
            score=score_of(question, given),
            org_id=self.response.org_id,
            **self.levels,
        )


def _stamp(response: Response, form: Form) -> _Stamp:
    uids = [question.item for question in form.questions() if question.item]
    items = {
        str(uid): pk for uid, pk in Item.objects.unscoped().filter(uid__in=uids).values_list("uid", "pk")
    }
    return _Stamp(response, items, ancestor_ids(response.org))


def given_by(rows: Iterable[Answer]) -> dict[str, Given]:
    """Answers as the rules look at them, by question."""
    return {row.question: Given(row.value, row.note, tuple(row.photos), row.score) for row in rows}


def still_missing(response: Response, answers: Iterable[Answer] | None = None) -> dict[str, list[str]]:
    """What keeps the response from being submitted, by question uid."""
    form = response.form_version.form()
    given = given_by(answers if answers is not None else response.answers.all())
    asked = shown(form, response.facts, {uid: one.value for uid, one in given.items()})
    return missing(form, asked, given)


@transaction.atomic
def submit(
    actor: Actor,
    response: Response,
    answers: Iterable[AnswerIn] = (),
    *,
    location: Any = None,
    signature: str = "",
    phone_submitted_at: datetime | None = None,
    arrived: Collection[str] | None = None,
) -> Response:
    """Close a response for good, last answers included, and count it.

    Rejected, by question, for whatever is missing or wrong under the version it was filled in with;
    Conflict when it is submitted already. ``arrived`` are the uids of files already stored with it:
    given (web page), pictures must be among them; left out (phone), answers may rely on pictures still
    to come.
    """
    form = response.form_version.form()
    incoming = cleaned(form, answers)
    hold(response)
    _merge(response, form, incoming)
    rows = {row.question: row for row in response.answers.all()}
    values = {question: row.value for question, row in rows.items()}
    asked = shown(form, response.facts, values)
    closing = _closing(form, location or response.location, signature or response.signature)
    _refuse(form, asked, rows, arrived)
    counted = _settle(form, asked, rows)
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
    count_in(response, counted)
    failed = tuple(row for row in counted if row.verdict == "fail")
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


def _refuse(
    form: Form, asked: list[Question], rows: dict[str, Answer], arrived: Collection[str] | None
) -> None:
    faults = missing(form, asked, given_by(rows.values()))
    for question in asked:
        relied = rows[question.uid].photos if question.uid in rows else []
        if arrived is not None and set(relied) - set(arrived):
            faults.setdefault(question.uid, []).append("照片没有传上来，请重传")
    units = {q.uid: rows[q.uid].value for q in asked if q.type == "org" and q.uid in rows}
    known = set(
        OrgUnit.objects.filter(code__in=[code for code in units.values() if code]).values_list("code")
    )
    faults.update({uid: ["没有这个单位"] for uid, code in units.items() if code and (code,) not in known})
    if faults:
        raise Rejected(faults)


def _settle(form: Form, asked: list[Question], rows: dict[str, Answer]) -> list[Answer]:
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


@transaction.atomic
def reopen(actor: Actor, response: Response) -> Response:
    """Hand a submitted response back for correction; its counts are taken out again."""
    counted = list(response.answers.filter(day__isnull=False))
    change(
        actor,
        response,
        {"state": OPEN, "submitted_at": None, "digest": ""},
        action="reopen",
        expect=Q(state=SUBMITTED),
    )
    count_in(response, counted, by=-1)
    response.answers.update(day=None)
    return response


@transaction.atomic
def carry_over(actor: Actor, old: Response, version: FormVersion, purpose: str = "") -> Response:
    """A new response under another version or edition that keeps the answers of questions that did not
    change.
    """
    new = begin(actor, version, old.org, purpose or old.purpose, respondent=old.respondent)
    before, after = old.form_version.form().by_uid(), version.form().by_uid()
    kept = [
        AnswerIn(row.question, row.value, row.note, tuple(row.photos), row.score, row.at)
        for row in old.answers.all()
        if row.question in after and before.get(row.question) == after[row.question]
    ]
    save_answers(actor, new, kept)
    return new
