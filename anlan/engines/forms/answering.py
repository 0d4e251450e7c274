"""Filling in: begin and save part-way. Every change of answers happens here, under the
response's row lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from anlan.engines.audit.api import Actor, create
from anlan.engines.forms.answers import Answer, ancestor_ids
from anlan.engines.forms.bank import Item
from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.evidence import adopt_files
from anlan.engines.forms.incoming import AnswerIn, cleaned
from anlan.engines.forms.knowing import beforehand
from anlan.engines.forms.layouts.results import results
from anlan.engines.forms.responses import STILL_OPEN, Response
from anlan.engines.forms.showing import facts_of
from anlan.engines.forms.weighing import Given, score_of, verdict_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

CHANGED = ["uid", "at", "value", "note", "photos", "score", "verdict", "item", "day"]


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
    with transaction.atomic():
        create(actor, response)
        _fill_beforehand(response)
    return response


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
    saved = merge(response, form, incoming)
    adopt_files(actor, response)
    return saved


def hold(response: Response) -> None:
    """Lock the response while it is open; Conflict once it is submitted."""
    rows = Response.objects.unscoped().filter(STILL_OPEN, pk=response.pk, archived_at=None)
    if not rows.update(updated_at=clock.now()):
        raise Conflict("这份检查结果已经提交，不能再改")


def merge(response: Response, form: Form, incoming: Sequence[AnswerIn]) -> Saved:
    """Store cleaned answers of a response that is held; those with an earlier time than what is there
    stay out, and those nobody may type. Formulas are computed anew.
    """
    open_ones = {question.uid for question in form.questions() if not question.closed}
    incoming = [one for one in incoming if one.question in open_ones]
    there = dict(
        Answer.objects.filter(response=response, question__in=[one.question for one in incoming]).values_list(
            "question", "at"
        )
    )
    fresh = [one for one in incoming if (one.at > there[one.question] if one.question in there else one.says)]
    questions, stamp = form.by_uid(), _stamp(response, form)
    _write([stamp.row(questions[one.question], one) for one in fresh])
    _compute(response, form, stamp)
    stored = tuple(one.question for one in fresh)
    older = tuple(q for q in there if q not in stored)
    return Saved(stored, older)


def _compute(response: Response, form: Form, stamp: "_Stamp") -> None:
    """Store what the formulas say of the answers there are now."""
    asked = [question for question in form.questions() if question.type == "computed"]
    if not asked:
        return
    values = dict(Answer.objects.filter(response=response).values_list("question", "value"))
    said = results(form, response.form_version.plan(), values)
    _write([stamp.row(question, AnswerIn(question.uid, said.get(question.uid))) for question in asked])


def _fill_beforehand(response: Response) -> None:
    """Put in what is known of the unit, and initial values."""
    form = response.form_version.form()
    said = beforehand(form, response.org)
    if not said:
        return
    stamp, questions = _stamp(response, form), form.by_uid()
    first = response.phone_started_at or response.started_at
    _write([stamp.row(questions[uid], AnswerIn(uid, value, at=first)) for uid, value in said.items()])
    _compute(response, form, stamp)


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
