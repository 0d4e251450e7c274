"""Models of the sample module, for Django."""

from tests.sample.lamps import Lamp, Maker

__all__ = ["Lamp", "Maker"]
