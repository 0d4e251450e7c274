"""Editions side by side: taking answers over to another version, so that only new or altered questions
are asked (N1.09).
"""

from django.db import transaction

from anlan.engines.audit.api import Actor
from anlan.engines.forms.answering import begin, save_answers
from anlan.engines.forms.designing import differences
from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.incoming import AnswerIn
from anlan.engines.forms.responses import Response


@transaction.atomic
def carry_over(actor: Actor, old: Response, version: FormVersion, purpose: str = "") -> Response:
    """A new response under another version or edition that keeps the answers of questions that did not
    change.
    """
    new = begin(actor, version, old.org, purpose or old.purpose, respondent=old.respondent)
    same = differences(old.form_version.form(), version.form()).same
    kept = [
        AnswerIn(row.question, row.value, row.note, tuple(row.photos), row.score, row.at)
        for row in old.answers.all()
        if row.question in same
    ]
    save_answers(actor, new, kept)
    return new
