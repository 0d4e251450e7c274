"""What the platform knows of a school, offered to forms so that nobody types it again (D12.6)."""

from collections.abc import Callable
from typing import Any

from anlan.base.schools import School
from anlan.engines.forms.api import offer_known
from anlan.engines.org.api import OrgUnit


def title_of(model: Any, name: str) -> str:
    """Words of a field."""
    return str(model._meta.get_field(name).verbose_name)


FIELDS = (
    "code", "credit_code", "kind", "nature", "town", "address", "office_phone", "pupils", "classes", "boarders",
    "staff", "teachers", "guards", "site_area", "floor_area", "has_canteen", "has_bus",
)  # fmt: skip


def _reader(name: str) -> Callable[[OrgUnit], Any]:
    def read(unit: OrgUnit) -> Any:
        school = School.objects.unscoped().filter(org=unit, archived_at=None).first()
        if school is None:
            return None
        shown = getattr(school, f"get_{name}_display", None)
        return shown() if shown else getattr(school, name)

    return read


for field in FIELDS:
    offer_known(f"school_{field}", f"学校：{title_of(School, field)}", _reader(field))
