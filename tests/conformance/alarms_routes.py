"""Addresses of key places and of alarms: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from tests.conformance.subjects import of_model

survey = lambda unit: {**of_model("site_security.Survey")(unit), "kind": 1}  # noqa: E731
ALARMS: dict[str, tuple[Any, ...]] = {
    "site-security/surveys/<int:pk>/kinds/<int:kind>/": ("site_security.surveys.view", survey, True),
    "site-security/compliance/": ("site_security.statements.view",),
    "site-security/building/": ("site_security.statements.view",),
    "site-security/device-figures/": ("site_security.devices.view",),
    "site-security/tech-gaps/": ("site_security.tech_assessments.view",),
    "alarms/school-days/": ("alarms.feed_records.view",),
    "alarms/sources/<int:pk>/key/": ("alarms.sources.edit", of_model("alarms.Source")),
}
