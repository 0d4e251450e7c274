"""Benchmarks: each prints one JSON line and measures its floor, the same work done raw, in the same run."""

import tests.environment  # noqa: F401 - a site of its own, before Django reads the settings
