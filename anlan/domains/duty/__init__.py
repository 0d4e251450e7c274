"""Duty rosters: what every day asks for, who stands in, swaps, signing in with the log, and checks (S04.1-S04.5)."""
