"""Models of patrol routes, for Django; ledgers and rights are declared beside them."""

from anlan.domains.patrols import demo, phone, registers, stamping, telling
from anlan.domains.patrols.routes import Point, Route, Stamp

__all__ = ["Point", "Route", "Stamp", "demo", "phone", "registers", "stamping", "telling"]
