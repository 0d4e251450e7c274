"""Models of the sample module, for Django."""

from tests.sample.lamps import Lamp, Maker
from tests.sample.permits import Permit, Pump

__all__ = ["Lamp", "Maker", "Permit", "Pump"]
