"""Items of certificates and the kinds of equipment they cover, from the seed (D16.4)."""

from pathlib import Path

import yaml
from django.db.models import Q

from anlan.kernel import clock

SEED = yaml.safe_load((Path(__file__).parent / "seeds" / "items.yaml").read_text(encoding="utf-8"))
ITEMS: list[tuple[str, str]] = [
    (item["code"], f"{item['title']}（{item['code']}）") for item in SEED["items"]
]
COVERED: dict[str, set[str]] = {item["code"]: set(item["kinds"]) for item in SEED["items"]}
NEEDING: list[str] = SEED["needing"]


def holding(prefix: str = "") -> Q:
    """Condition on certificates: in force today, of somebody who has not left."""
    forever, left = f"{prefix}valid_to", f"{prefix}person__left_on"
    in_force = Q(**{forever: None}) | Q(**{f"{forever}__gte": clock.today()})
    return in_force & Q(**{f"{prefix}archived_at": None, left: None})
