"""Models of patrol routes, for Django; ledgers and rights are declared beside them."""

from anlan.domains.patrols import demo, phone, reader, registers, stamping, telling
from anlan.domains.patrols.rounds import Round
from anlan.domains.patrols.routes import Point, Route, Stamp

__all__ = ["Point", "Round", "Route", "Stamp", "demo", "phone", "reader", "registers", "stamping", "telling"]
