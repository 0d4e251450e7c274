"""Models of the archive, for Django."""

from anlan.engines.archives.disposals import Disposal
from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.holds import Hold
from anlan.engines.archives.keeping import KeepingTime
from anlan.engines.archives.sweeping import Sweep

__all__ = ["Disposal", "Hold", "Holding", "KeepingTime", "Sweep"]
