"""Special equipment of schools: lifts, boilers, vessels and their operators (D16)."""
