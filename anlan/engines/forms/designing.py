"""Verbs on form definitions: make, edit, publish, copy, withdraw, compare."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, change, create
from anlan.engines.forms.checking import read_form
from anlan.engines.forms.codec import to_json
from anlan.engines.forms.definition import CHOICES, Form, Question
from anlan.engines.forms.designs import IN_USE, WITHDRAWN, FormDefinition, FormVersion, checksum_of
from anlan.engines.forms.layouts.checking import refuse_misplaced
from anlan.engines.forms.rights import require_over
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

EDITABLE = {"title", "subject", "explanation", "audience", "edition", "applies_from"}


def add_form(actor: Actor, unit: OrgUnit, *, form: Form | None = None, **values: Any) -> FormDefinition:
    """A new draft of the unit (``title`` and ``subject`` are required, see :class:`FormDefinition`)."""
    require_over(actor, unit, "forms.forms.add")
    definition = FormDefinition(org=unit, **values)
    if form is not None:
        definition.draft = to_json(form)
    return create(actor, definition)


def edit_form(
    actor: Actor, definition: FormDefinition, values: dict[str, Any], *, version: int | None = None
) -> FormDefinition:
    """Change title, subject, explanation, audience, edition; the content goes through
    :func:`save_content`.
    """
    require_over(actor, definition.org, "forms.forms.edit")
    if unknown := set(values) - EDITABLE:
        raise Rejected(dict.fromkeys(sorted(unknown), "这一项不能改"))
    return change(actor, definition, values, version=version)


def save_content(
    actor: Actor, definition: FormDefinition, form: Form, *, version: int | None = None
) -> FormDefinition:
    """Keep ``form`` as the working copy; published versions stay as they are."""
    require_over(actor, definition.org, "forms.forms.edit")
    content = to_json(form)
    read_form(content)
    return change(actor, definition, {"draft": content}, action="edit", version=version)


def unpublished(definition: FormDefinition) -> bool:
    """Whether the working copy differs from the version in force."""
    latest: FormVersion | None = versions_of(definition).first()
    if latest is None:
        return True
    same = latest.checksum == checksum_of(to_json(definition.form()), definition.layout)
    return not same or latest.title != definition.title


def publish(actor: Actor, definition: FormDefinition, *, version: int | None = None) -> FormVersion:
    """Freeze the working copy as the next version and put the form into use.

    Rejected when it asks nothing, when a checked item has no standard, and when a question kept its uid
    but changed its bank item. Publishing what is in force already returns that version.
    """
    require_over(actor, definition.org, "forms.forms.publish")
    form = definition.form()
    _refuse_unready(form)
    refuse_misplaced(form, definition.plan())
    content, checksum = to_json(form), checksum_of(to_json(form), definition.layout)
    with transaction.atomic():
        latest: FormVersion | None = versions_of(definition).first()
        if latest is not None:
            _refuse_swapped(latest.form(), form)
            if latest.checksum == checksum and latest.title == definition.title:
                if definition.state != IN_USE:
                    change(actor, definition, {"state": IN_USE}, action="publish", version=version)
                return latest
        number = latest.number + 1 if latest else 1
        change(actor, definition, {"state": IN_USE, "current": number}, action="publish", version=version)
        return create(
            actor,
            FormVersion(
                org=definition.org,
                definition=definition,
                number=number,
                title=definition.title,
                content=content,
                layout=definition.layout,
                checksum=checksum,
                published_at=clock.now(),
            ),
            action="publish",
        )


def withdraw(actor: Actor, definition: FormDefinition, *, version: int | None = None) -> FormDefinition:
    """Offer the form no longer; tasks already issued keep their version."""
    require_over(actor, definition.org, "forms.forms.publish")
    if definition.state != IN_USE:
        raise Conflict("只有在用的检查表可以停用")
    return change(actor, definition, {"state": WITHDRAWN}, action="withdraw", version=version)


def copy_form(actor: Actor, definition: FormDefinition, unit: OrgUnit, title: str = "") -> FormDefinition:
    """A draft of ``unit`` with the same content, for further editing."""
    return add_form(
        actor,
        unit,
        form=definition.form(),
        layout=definition.layout,
        title=title or f"{definition.title}（副本）"[:100],
        subject=definition.subject,
        explanation=definition.explanation,
        audience=list(definition.audience),
    )


def forms_in_use(user: Any, subject: str = "") -> Any:
    """Forms the person may see that new tasks can take, of one subject if given."""
    rows = FormDefinition.objects.visible(user, "forms.forms.view").filter(state=IN_USE, archived_at=None)
    return rows.filter(subject=subject) if subject else rows


def versions_of(definition: FormDefinition) -> Any:
    """Every version, newest first."""
    return FormVersion.objects.unscoped().filter(definition=definition).order_by("-number")


@dataclass(frozen=True)
class Differences:
    """What changed from one definition to the next, by question uid."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    same: tuple[str, ...]


def differences(old: Form, new: Form) -> Differences:
    """Compare two definitions question by question; a question that only moved is the same."""
    before, after = old.by_uid(), new.by_uid()
    kept = [uid for uid in after if uid in before]
    return Differences(
        added=tuple(uid for uid in after if uid not in before),
        removed=tuple(uid for uid in before if uid not in after),
        altered=tuple(uid for uid in kept if not asks_the_same(before[uid], after[uid])),
        same=tuple(uid for uid in kept if asks_the_same(before[uid], after[uid])),
    )


def asks_the_same(one: Question, other: Question) -> bool:
    """Whether two questions ask the same, whichever bank item and clause they rest on."""
    return replace(one, item="", basis="") == replace(other, item="", basis="")


def _refuse_unready(form: Form) -> None:
    questions = list(form.questions())
    if not any(question.type != "computed" for question in questions):
        raise Rejected({"draft": "表里还没有检查内容，不能启用"})
    _refuse_alike(form)
    if bare := [question.text for question in questions if _needs_standard(question)]:
        raise Rejected({"draft": [f"“{text}”没有检查标准" for text in bare]})


def _refuse_alike(form: Form) -> None:
    """Two questions of one group with the same words could not be told apart in lists and exports."""
    for section in form.sections:
        texts = [question.text.strip() for question in section.questions]
        if alike := sorted({text for text in texts if texts.count(text) > 1}):
            raise Rejected({"draft": [f"“{section.title}”里有两项都叫“{text}”，请改名" for text in alike]})


def _needs_standard(question: Question) -> bool:
    return bool(question.item) and question.type in CHOICES and not question.standard.strip()


def _refuse_swapped(old: Form, new: Form) -> None:
    before = old.by_uid()
    swapped = [q.text for q in new.questions() if q.uid in before and before[q.uid].item != q.item]
    if swapped:
        raise Rejected({"draft": [f"“{text}”换成了题库里的另一项，请作为新题加入" for text in swapped]})
