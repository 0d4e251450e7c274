"""A filled-in sheet, question by question, for the page of its task (D01.11, D11.7)."""

from typing import Any

from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.files.api import attachments_of


def answered(task: InspectionTask) -> list[dict[str, Any]]:
    """Question by question: wording, verdict, note, pictures, in the version the task was issued with."""
    if task.response is None or task.form_version is None:
        return []
    given = {answer.question: answer for answer in task.response.answers.all()}
    there = {str(photo.uid) for photo in attachments_of(task.response)}
    return [
        {
            "question": question,
            "answer": (answer := given.get(question.uid)),
            "photos": [uid for uid in answer.photos if uid in there] if answer else [],
            "awaited": sum(uid not in there for uid in answer.photos) if answer else 0,
        }
        for question in task.form_version.form().questions()
    ]
