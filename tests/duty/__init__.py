"""Duty: calendar, rosters, swaps, signing in, checks."""
