"""Rounds of evaluation, tried on the safety assessment."""
