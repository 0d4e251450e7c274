"""Ledger of swaps; who asks sees the own ones on the roster (S04.3)."""

from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.domains.duty.swaps import Swap
from anlan.engines.archives.api import archives
from anlan.engines.registry.api import Ledger, computed, ledger


@ledger
class Swaps(Ledger):
    """Requests to be replaced, with how far they are."""

    code = "duty.swaps"
    model = Swap
    readonly = True
    title, noun, icon = "换班申请", "件", "refresh"
    area, group, order = "safety", "值班", 407
    columns = "wanted state asker colleague exchanged org created_at"
    facts = "turn state asker colleague offered reason opinion org created_at"
    filters = "org state"
    search = "asker__name colleague__name reason"
    example = {"reason": "外出培训"}
    roles = {"view": (*ABOVE, *IN_SCHOOL), "export": (*ABOVE, *AT_SCHOOL)}

    @computed("值班", needs="turn__watch__place turn__watch", sort="turn__begins_at")
    def wanted(self, row: Swap) -> str:
        """The shift to be taken over."""
        return str(row.turn.watch)

    @computed("换来的班", needs="offered__watch__place offered__watch")
    def exchanged(self, row: Swap) -> str:
        """The shift taken in exchange."""
        return str(row.offered.watch) if row.offered else ""


archives("duty.swaps", "duty")
