"""Pictures and files behind answers: each is an attachment of the response, in the slot named by its
question.
"""

from collections.abc import Iterable
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Upload, adopt, attachments_of
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.purposes import readable_response
from anlan.engines.forms.responses import Response
from anlan.kernel.errors import Refusal

SIGNATURE = "signature"
CONFIRMED = "confirmed"


def relied_on(
    response: Response, answers: Iterable[Answer] | None = None, signature: str = ""
) -> dict[str, list[str]]:
    """Uids of the files answers rely on, by slot: pictures, files that are a value, the signature at
    the end.
    """
    kinds = {uid: question.type for uid, question in response.form_version.form().by_uid().items()}
    rows = response.answers.all() if answers is None else answers
    found = {row.question: [*row.photos, *_own(kinds.get(row.question, ""), row.value)] for row in rows}
    found[SIGNATURE] = _own("signature", signature or response.signature)
    return {slot: uids for slot, uids in found.items() if uids}


def _own(kind: str, value: Any) -> list[str]:
    if kind == "file":
        return list(value or ())
    return [value] if kind == "signature" and value not in (None, "", CONFIRMED) else []


def adopt_files(actor: Actor, response: Response, signature: str = "") -> None:
    """Attach whatever the person has uploaded for the answers so far; the rest may still come."""
    wanted = relied_on(response, signature=signature)
    uids = [uid for one in wanted.values() for uid in one]
    if not uids or actor.user is None:
        return
    rows = Upload.objects.filter(uid__in=uids, user=actor.user, adopted=False).exclude(file=None)
    ready = {str(uid) for uid in rows.values_list("uid", flat=True)}
    for slot, files in wanted.items():
        adopt(actor, response, slot, [uid for uid in files if uid in ready])


def awaited(
    response: Response, answers: Iterable[Answer] | None = None, signature: str = ""
) -> dict[str, list[str]]:
    """Files answers rely on that have not arrived, by question."""
    wanted = relied_on(response, answers, signature)
    there = {str(attachment.uid) for attachment in attachments_of(response)} if wanted else set()
    lacking = {slot: [uid for uid in uids if uid not in there] for slot, uids in wanted.items()}
    return {slot: uids for slot, uids in lacking.items() if uids}


def may_read_files(user: Any, object_id: int) -> bool:
    """Whoever may read the response may see its pictures."""
    try:
        readable_response(user, pk=object_id)
    except Refusal:
        return False
    return True
