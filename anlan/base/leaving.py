"""What a person who leaves hands on: running duties pass to a successor or fall vacant, history stays (X.23)."""

from typing import Any

from anlan.base.handing_on import Duty, duties
from anlan.base.people import Person, PersonLeft
from anlan.base.vacancies import Vacancy
from anlan.engines.audit.api import Actor, Written, change
from anlan.engines.messaging.api import holders
from anlan.engines.org.api import Kind
from anlan.engines.tasks.api import close_todos, open_todo
from anlan.kernel import events
from anlan.kernel.errors import Rejected

VACANT = "base.vacant"
HEADS = {  # who is told, the first of them that somebody holds
    Kind.SCHOOL: ("school_head", "school_safety"),
    Kind.TOWNSHIP: ("township_officer",),
    Kind.COUNTY: ("bureau_safety", "unit_admin"),
}


@events.on(PersonLeft)
def hand_on(event: PersonLeft) -> None:
    """Handler: every running duty passes to the successor or falls vacant; the head is told of what is vacant."""
    vacant = [
        Vacancy(person=event.person, model=row._meta.label_lower, object_id=row.pk, field=duty.field)
        for duty in duties
        for row in duty.rows(event.person)
        if not _passed(event.actor, duty, row, event.person, event.successor)
    ]
    Vacancy.objects.bulk_create(vacant)
    if vacant:
        _tell_the_head(event.person)


def _passed(actor: Actor, duty: Duty, row: Any, former: Person, successor: Person | None) -> bool:
    """Write the successor, or nobody, into the field; whether nobody has to be looked for any more."""
    named = duty.names(successor)
    if duty.one.many_to_many:
        others = list(getattr(row, duty.field).exclude(pk=duty.names(former).pk))
        _write(actor, duty, row, [*others, named] if named and named not in others else others)
    elif named is not None or duty.one.null:
        _write(actor, duty, row, named)
    return named is not None or not duty.replaced


def _write(actor: Actor, duty: Duty, row: Any, value: Any) -> None:
    try:
        change(actor, row, {duty.field: value})
    except Rejected as refused:
        words = "；".join(str(word) for words in refused.fields.values() for word in words)
        raise Rejected({"successor": f"{row._meta.verbose_name}“{row}”：{words}"}) from None


def _tell_the_head(person: Person) -> None:
    count = person.vacancies.count()
    heads = HEADS.get(Kind(person.org.kind), HEADS[Kind.COUNTY])
    open_todo(
        person,
        VACANT,
        f"{person}已离岗，{count} 项工作要指定接替人",
        person.get_absolute_url(),
        verb="指定",
        role=next((role for role in heads if holders(person.org, role=role, at_unit=True)), heads[0]),
    )


def fill_vacancies(actor: Actor, person: Person, successor: Person) -> None:
    """One person takes over everything that is still vacant."""
    for vacancy in list(person.vacancies.all()):
        duty, row = vacancy.duty, vacancy.row
        _passed(actor, duty, row, person, successor)


@events.on(Written)
def follow_vacancies(event: Written) -> None:
    """Handler: a field that names somebody again, or a row that ended, is vacant no more."""
    row, label = event.record, event.record._meta.label_lower
    fields = [duty.field for duty in duties if isinstance(row, duty.model)]
    touched = [name for name in fields if event.after.get(name)]
    ended = row.archived_at is not None or not getattr(row, "open", True)
    if not fields or not (touched or ended):
        return
    found = Vacancy.objects.filter(model=label, object_id=row.pk, field__in=fields if ended else touched)
    for vacancy in list(found.select_related("person")):
        vacancy.delete()
        if vacancy.person.vacancies.exists():
            _tell_the_head(vacancy.person)
        else:
            close_todos(vacancy.person, event.actor.user, (VACANT,))
