"""Records that go by a clause: hazards and items of the bank; what a person had to read."""

from anlan.base.person_lists import person_list
from anlan.engines.archives.api import archives
from anlan.engines.library.api import Linkable, declare_linkable

declare_linkable(Linkable("hazard", "隐患", "safety.Hazard", "safety.hazards.view", "/safety/hazards/"))
declare_linkable(Linkable("item", "检查内容", "forms.Item", "forms.items.view", "/forms/items/"))


archives("library.required", "notice", "ended", "receipts")
person_list("training", "library.receipts", "必读文件（已确认）", "done=1")
person_list("late", "library.receipts", "必读文件（逾期未读）", "behind=1")
