"""Models of the exchange engine, for Django."""

from anlan.engines.exchange.sessions import ImportRow, ImportSession

__all__ = ["ImportRow", "ImportSession"]
