"""What phones get and send, as JSON: a version complete for offline use, and answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.forms.answering import save_answers
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.codec import to_json
from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.evidence import adopt_files, awaited
from anlan.engines.forms.incoming import AnswerIn, answers_from_json, body_of, cleaned, client_time
from anlan.engines.forms.purposes import fillable_response, readable_response, readable_version
from anlan.engines.forms.responses import Response
from anlan.engines.forms.signing import bind
from anlan.engines.forms.submitting import refusals_audited, still_missing, submit
from anlan.engines.forms.values import Wrong
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Refusal, Rejected

Answering = Callable[..., JsonResponse]
SCHEMA = 1


def as_json(view: Answering) -> Answering:
    """Answer refusals as JSON with their status: ``message``, and ``fields`` by question for 422."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> JsonResponse:
        try:
            found = view(request, **values)
        except Refusal as refusal:
            fields = refusal.fields if isinstance(refusal, Rejected) else {}
            found = JsonResponse({"message": refusal.message, "fields": fields}, status=refusal.status)
        found["Cache-Control"] = "no-store"
        return found

    return answer


@as_json
@require_GET
def version_json(request: HttpRequest, pk: int) -> JsonResponse:
    """A form version, complete for filling in without a network."""
    return JsonResponse(of_version(readable_version(request.user, pk)))


def of_version(version: FormVersion) -> dict[str, Any]:
    """The version as phones keep it; choices of verdict questions are written out."""
    content = to_json(version.form())
    for question, asked in zip(_questions(content), version.form().questions(), strict=True):
        question["choices"] = to_json(asked.choices)
    return {
        "schema": SCHEMA,
        "version": version.pk,
        "form": version.definition_id,
        "number": version.number,
        "title": version.title,
        "subject": version.definition.subject,
        "explanation": version.definition.explanation,
        "edition": version.definition.edition,
        "published_at": version.published_at.isoformat(),
        "checksum": version.checksum,
        "latest": version.definition.current,
        "content": content,
    }


def _questions(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [question for section in content["sections"] for question in section["questions"]]


@as_json
@require_GET
def response_json(request: HttpRequest, uid: UUID) -> JsonResponse:
    """A response with every answer and picture kept so far."""
    return JsonResponse(of_response(readable_response(request.user, uid=uid)))


def of_response(response: Response) -> dict[str, Any]:
    """A response as phones keep it. ``changed_meanwhile`` tells that the form has a newer version by now."""
    version, rows = response.form_version, list(response.answers.order_by("pk"))
    return {
        "uid": str(response.uid),
        "state": response.state,
        "version": version.pk,
        "changed_meanwhile": version.number != version.definition.current,
        "unit": {"code": response.org.code, "name": str(response.org)},
        "facts": response.facts,
        "location": response.location,
        "submitted_at": response.submitted_at and response.submitted_at.isoformat(),
        "passed": response.passed,
        "failed": response.failed,
        "not_applicable": response.not_applicable,
        "answers": [of_answer(row) for row in rows],
        "awaited": awaited(response, rows),
        "server_time": clock.now().isoformat(),
    }


def of_answer(row: Answer) -> dict[str, Any]:
    """An answer in the form in which it may be sent back."""
    return {
        "uid": str(row.uid),
        "question": row.question,
        "value": row.value,
        "note": row.note,
        "photos": row.photos,
        "score": None if row.score is None else f"{row.score:f}",
        "at": row.at.isoformat(),
    }


@as_json
@require_POST
def save_json(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Keep answers part-way: ``{"answers": [...]}``."""
    response = fillable_response(request.user, uid=uid)
    answers = answers_from_json(body_of(request.body).get("answers", []))
    saved = save_answers(Actor.of(request, "phone"), response, answers)
    return JsonResponse(
        {
            "stored": saved.stored,
            "older": saved.older,
            "missing": still_missing(response),
            "awaited": awaited(response),
        }
    )


@as_json
@require_POST
def submit_json(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Submit: ``{"answers", "location", "signature", "submitted_at"}``; the same submission again
    answers the same.
    """
    body, actor = body_of(request.body), Actor.of(request, "phone")
    answers = answers_from_json(body.get("answers", []))
    with refusals_audited(actor, uid):
        response = readable_response(request.user, uid=uid)
        if (
            response.respondent_id == request.user.pk
            and not response.is_open
            and same_again(response, answers)
        ):
            return JsonResponse(of_response(response))
        response = fillable_response(request.user, uid=uid)
        return JsonResponse(of_response(_submitted(actor, response, answers, body)))


def _submitted(actor: Actor, response: Response, answers: list[AnswerIn], body: dict[str, Any]) -> Response:
    if response.is_open:
        submit(
            actor,
            response,
            answers,
            location=body.get("location"),
            signature=_text(body.get("signature")),
            phone_submitted_at=_moment(body.get("submitted_at")),
            files_follow=True,
        )
        return response
    raise Conflict("这份检查结果已经提交，不能再改")


@as_json
@require_POST
@transaction.atomic
def files_json(request: HttpRequest, uid: UUID) -> JsonResponse:
    """Attach what was uploaded since: pictures that came after the submission, or one tried again."""
    response = readable_response(request.user, uid=uid)
    if response.respondent_id == request.user.pk:
        actor = Actor.of(request, "phone")
        adopt_files(actor, response)
        bind(actor, response, response.digest)
    return JsonResponse({"awaited": awaited(response)})


def same_again(response: Response, answers: list[AnswerIn]) -> bool:
    """Whether a submitted response holds exactly these answers (a replay, or none sent)."""
    rows = {row.question: row for row in response.answers.all()}
    sent = cleaned(response.form_version.form(), answers)
    return all(one.question in rows and _same(rows[one.question], one) for one in sent)


def _same(row: Answer, one: AnswerIn) -> bool:
    return (row.value, row.note, row.photos) == (one.value, one.note, list(one.photos))


def _text(raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise Rejected({"signature": "签名不对"})
    return raw or ""


def _moment(raw: Any) -> Any:
    try:
        return client_time(raw)
    except Wrong as wrong:
        raise Rejected({"submitted_at": str(wrong)}) from None
