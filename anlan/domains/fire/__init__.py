"""Fire safety of schools: equipment, duties, maintenance, tests, key places (D14)."""
