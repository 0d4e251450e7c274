"""Run all benchmarks, or the named ones: ``python -m bench lists --answers 1000000``. Fails if a goal is missed."""

import argparse
import importlib

import django
from django.core.management import call_command

BENCHMARKS = ("lists", "counts", "canteens", "pages", "spreadsheets", "imports", "searching", "rounds")


def main() -> int:
    """Fill an empty PostgreSQL database with a province and measure on it, one subject after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHMARKS, help=", ".join(BENCHMARKS))
    parser.add_argument("--answers", type=int, default=1_000_000, help="answers of the province")
    said = parser.parse_args()
    django.setup()
    from bench.province import made  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0)
    province = made(said.answers)
    results = [
        result for name in said.names for result in importlib.import_module(f"bench.{name}").run(province)
    ]
    missed = [result.name for result in results if not result.reached]
    print(f"bench: {len(results) - len(missed)} of {len(results)} goals reached; missed: {missed or 'none'}")
    return 1 if missed else 0


raise SystemExit(main())
