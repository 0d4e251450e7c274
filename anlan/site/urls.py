"""URLs of the site: each engine, base and domain brings its own list; declarations bring their pages."""

from importlib import import_module

from django.apps import apps
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule

from anlan.kernel.registry import freeze_all
from anlan.site.navigation import declare_places


def _patterns() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        if config.name.startswith("anlan.") and config.module and module_has_submodule(config.module, "urls"):
            found += import_module(f"{config.name}.urls").urlpatterns
    return found


declare_places()
urlpatterns = _patterns()
freeze_all()
