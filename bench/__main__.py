"""Run all benchmarks, or the named ones: ``python -m bench scoped_list``. Fails if a goal is missed."""

import importlib
import pkgutil
import sys

import django
from django.core.management import call_command

import bench

TOOLS = {"__main__", "harness"}


def main(names: list[str]) -> int:
    """Prepare an empty database and run the benchmarks one after the other."""
    django.setup()
    call_command("migrate", verbosity=0)
    found = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in TOOLS)
    results = [importlib.import_module(f"bench.{name}").run() for name in names or found]
    return 0 if all(result.reached for result in results) else 1


sys.exit(main(sys.argv[1:]))
