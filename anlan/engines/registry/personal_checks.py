"""A model with personal data nobody declared stops the build (MLPS.19)."""

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error

from anlan.engines.registry.checking import looks_personal
from anlan.kernel.personal import personal_fields


def check_personal(**_: object) -> list[CheckMessage]:
    """System check: a model with a personal field nobody declared stops the build, and so does a bad retention."""
    return [Error(text, id="anlan.E020") for text in (*_undeclared(), *_unknown())]


def _undeclared() -> Iterator[str]:
    for model in apps.get_models():
        label = model._meta.label_lower
        for field in model._meta.concrete_fields:
            if looks_personal(field) and f"{label}.{field.name}" not in personal_fields:
                yield f"{label}.{field.name} ({field.verbose_name}) holds personal data: declare why it is kept"


def _unknown() -> Iterator[str]:
    for item in personal_fields:
        names = {field.name for field in apps.get_model(item.model)._meta.concrete_fields}
        for name in {item.name, *filter(None, [item.said.since])} - names:
            yield f"{item.code}: {name} is no field"
