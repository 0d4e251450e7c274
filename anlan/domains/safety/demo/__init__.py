"""Two invented years of campus safety for the demo county; never real persons or places."""

from anlan.domains.safety.demo import checks, ground, history, notices, reports, sharing, specials

__all__ = ["checks", "ground", "history", "notices", "reports", "sharing", "specials"]
