"""One case per component: the contract column of the component catalogue."""

from tests.shell.contracts import desks, entry, figures, lists, marks, records
from tests.shell.contracts.case import Case

CASES: dict[str, Case] = {
    **marks.CASES,
    **figures.CASES,
    **lists.CASES,
    **records.CASES,
    **entry.CASES,
    **desks.CASES,
}
