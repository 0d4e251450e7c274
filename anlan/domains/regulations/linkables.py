"""Records that go by a clause: hazards and items of the bank."""

from anlan.engines.archives.api import archives
from anlan.engines.library.api import Linkable, declare_linkable

declare_linkable(Linkable("hazard", "隐患", "safety.Hazard", "safety.hazards.view", "/safety/hazards/"))
declare_linkable(Linkable("item", "检查内容", "forms.Item", "forms.items.view", "/forms/items/"))


archives("library.required", "notice", "ended", "receipts")
