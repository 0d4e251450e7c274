"""Forms as they are shown: few choices stay boxes or a list, many are looked up."""

from typing import Any

from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm
from anlan.shell.picking import suit_all


def present(ledger: Ledger, user: Any, form: RecordForm, record: Any = None) -> RecordForm:
    """The form with a control for each relation that suits how much there is to choose from."""
    asked = f"?for={record.pk}" if record is not None else ""
    suit_all(form, lambda name: f"{ledger.url}choose/{name}{asked}", user)
    return form
