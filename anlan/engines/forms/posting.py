"""Answers from a posted sheet: field names are those ``forms/sheet.html`` writes."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.incoming import AnswerIn, cleaned, read_answer
from anlan.engines.forms.responses import Response
from anlan.engines.forms.values import MOST_ROWS
from anlan.kernel import clock, ids
from anlan.kernel.errors import Rejected

OVERTAKEN = "另一台设备刚改过这一项，这里显示的是最新的；您刚才填的没有存"


def answers_from_post(form: Form, post: QueryDict) -> list[AnswerIn]:
    """An answer for every question the sheet showed (hidden fields ``q``); Rejected for what cannot be
    read.
    """
    known = form.by_uid()
    return [_answer(known[uid], post) for uid in dict.fromkeys(post.getlist("q")) if uid in known]


def typed_in(form: Form, post: QueryDict) -> dict[str, Any]:
    """What stands in the fields, as typed, so that a refused page shows it again."""
    known = form.by_uid()
    return {uid: _value(known[uid], f"q.{uid}", post) for uid in post.getlist("q") if uid in known}


def _answer(question: Question, post: QueryDict) -> AnswerIn:
    name = f"q.{question.uid}"
    return read_answer(
        {
            "question": question.uid,
            "value": _value(question, name, post),
            "note": post.get(f"{name}.note", ""),
            "photos": []
            if question.type == "file"
            else [uid for uid in post.getlist(f"{name}.photo") if uid],
            "score": post.get(f"{name}.score", ""),
            "at": clock.now().isoformat(),
        }
    )


def _value(question: Question, name: str, post: QueryDict) -> Any:
    if question.type == "multi":
        return post.getlist(name)
    if question.type == "file":
        return post.getlist(f"{name}.photo")
    if question.type == "photo":
        return None
    if question.type == "location":
        place = {key: post.get(f"{name}.{key}", "").strip() for key in ("lat", "lng", "accuracy", "place")}
        return {key: value for key, value in place.items() if value}
    if question.type == "table":
        return list(_rows(question, name, post))
    return post.get(name, "")


def _rows(question: Question, name: str, post: QueryDict) -> Iterator[dict[str, str]]:
    for index in range(MOST_ROWS):
        cells = {column.code: post.get(f"{name}.{index}.{column.code}") for column in question.columns}
        if all(value is None for value in cells.values()):
            return
        yield {code: value for code, value in cells.items() if value}


def attach_posted(actor: Actor, response: Response, request: HttpRequest) -> dict[str, list[str]]:
    """Store the files that came with the sheet; returns their uids by question. Rejected at the question."""
    known, added = response.form_version.form().by_uid(), {}
    for field, files in request.FILES.lists():
        uid = field.removeprefix("q.").removesuffix(".photo")
        if uid in known and field == f"q.{uid}.photo":
            added[uid] = [_store(actor, response, uid, file) for file in files]
    return added


def _store(actor: Actor, response: Response, slot: str, file: UploadedFile[Any]) -> str:
    uid = ids.new_uid()
    try:
        attach(actor, response, file, slot, uid=uid)
    except Rejected as refusal:
        raise Rejected({slot: f"{file.name}：{refusal.message}"}) from None
    return str(uid)


def since_drawn(
    response: Response, answers: Iterable[AnswerIn], post: QueryDict
) -> tuple[list[AnswerIn], dict[str, list[str]]]:
    """The answers changed on this page; and, by question, those that another device changed after it was drawn.

    The page tells for each question the moment of the answer it showed. What the other device said stays.
    """
    there = {row.question: row for row in response.answers.all()}
    fresh: list[AnswerIn] = []
    overtaken: dict[str, list[str]] = {}
    for one in cleaned(response.form_version.form(), answers):
        row, seen = there.get(one.question), post.get(f"q.{one.question}.at")
        if row is not None and _same(row, one):
            continue
        if row is None or seen is None or (seen and parse_datetime(seen) == row.at):
            fresh.append(one)
        else:
            overtaken[one.question] = [OVERTAKEN]
    return fresh, overtaken


def _same(row: Answer, one: AnswerIn) -> bool:
    return (row.value, row.note, row.photos) == (one.value, one.note, list(one.photos)) and (
        one.score is None or one.score == row.score
    )


def with_files(answers: list[AnswerIn], form: Form, added: dict[str, list[str]]) -> list[AnswerIn]:
    """The answers, the files just stored among what they rely on."""
    known = form.by_uid()
    return [_with(one, known[one.question].type, added.get(one.question, [])) for one in answers]


def _with(one: AnswerIn, kind: str, uids: list[str]) -> AnswerIn:
    if not uids:
        return one
    value = [*(one.value or []), *uids] if kind == "file" else one.value
    photos = one.photos if kind == "file" else (*one.photos, *uids)
    return AnswerIn(one.question, value, one.note, photos, one.score, one.at, one.uid)
