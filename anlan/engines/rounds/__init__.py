"""Rounds of evaluation: schemes, rounds, taking part, judging, results; one engine for every process (ADR 0008)."""
