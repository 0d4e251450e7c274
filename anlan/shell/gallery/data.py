"""Invented data of the gallery's pages, read from YAML: the county, schools and people do not exist."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.templatetags.static import static

from anlan.kernel import clock
from anlan.shell import trends
from anlan.shell.html import written

FOLDER = Path(__file__).parent / "data"
DAYS = "_in_days"
PHOTO = "shell/img/sample.svg"


class Sample(dict[str, Any]):
    """A mapping whose keys are attributes as well, like the dataclasses of ``anlan.shell.parts``."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name, "")


def sample(name: str) -> dict[str, Any]:
    """Return the context of a sample page."""
    context: dict[str, Any] = _live(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")))
    return context


def _live(value: Any) -> Any:
    if isinstance(value, dict):
        return Sample(_pair(key, item) for key, item in value.items())
    if isinstance(value, list):
        return [_live(item) for item in value]
    return static(PHOTO) if value == "@photo" else value


def _pair(key: str, value: Any) -> tuple[str, Any]:
    if key.endswith(DAYS):
        return key.removesuffix(DAYS), clock.now() + timedelta(days=value)
    if key == "body":
        return key, written(value)
    if key == "lines":
        return "series", [trends.Series(line["name"], tuple(line["values"])) for line in value]
    return key, _live(value)
