"""Addresses of alarms: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from tests.conformance.subjects import of_model

ALARMS: dict[str, tuple[Any, ...]] = {
    "alarms/sources/<int:pk>/key/": ("alarms.sources.edit", of_model("alarms.Source")),
}
