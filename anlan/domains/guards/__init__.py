"""Guards of schools and their certificates (D04.1, D04.2)."""
