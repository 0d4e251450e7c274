"""What is asked of somebody who wants to be replaced (S04.3)."""

from typing import Any, Self

from django import forms

from anlan.base.people import Person
from anlan.domains.duty.rosters import OUT, Turn
from anlan.kernel import clock


def swappable(turn: Turn) -> bool:
    """In a roster that is out, and not begun."""
    return turn.archived_at is None and turn.roster.state in OUT and turn.begins_at > clock.now()


class SwapForm(forms.Form):
    """Who takes over, which of that person's turns is taken in exchange, and why."""

    colleague = forms.ModelChoiceField(Person.unguarded.none(), label="接替人")
    offered = forms.ModelChoiceField(
        Turn.unguarded.none(), label="换来的班", required=False, help_text="只请人代班的不选"
    )
    reason = forms.CharField(label="原因", max_length=200)

    @classmethod
    def for_record(cls, record: Turn, *sent: Any) -> Self:
        """With the colleagues who can answer, and their turns still to come."""
        form = cls(*sent)
        people = (
            record.roster.kind.pool(record.org).exclude(pk=record.person_id).filter(account__isnull=False)
        )
        form.fields["colleague"].queryset = people  # type: ignore[attr-defined]
        turns = Turn.unguarded.filter(org=record.org, archived_at=None, roster__state__in=OUT, in_at=None)
        turns = turns.filter(begins_at__gt=clock.now()).exclude(person=record.person_id)
        form.fields["offered"].queryset = turns.select_related("watch__place", "person")  # type: ignore[attr-defined]
        return form
