"""The archive's door: which ledgers are filed, kinds of data and their keeping times."""

from anlan.engines.archives.destroying import destroy
from anlan.engines.archives.disposals import Disposal, propose
from anlan.engines.archives.filing import file_missing
from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.holds import Hold, release
from anlan.engines.archives.keeping import KeepingTime, Times
from anlan.engines.archives.kinds import Span, declare_kind, kinds
from anlan.engines.archives.matters import Matter, archives, matter_of, matters, not_archived
from anlan.engines.archives.sweeping import Sweep, short_lived, sweep_transient

__all__ = [
    "Disposal",
    "Hold",
    "Holding",
    "KeepingTime",
    "Matter",
    "Span",
    "Sweep",
    "Times",
    "archives",
    "declare_kind",
    "destroy",
    "file_missing",
    "kinds",
    "matter_of",
    "matters",
    "not_archived",
    "propose",
    "release",
    "short_lived",
    "sweep_transient",
]
