"""Models of alarms, for Django; ledgers and rights are declared beside them."""

from anlan.domains.alarms.sources import Source

__all__ = ["Source"]
