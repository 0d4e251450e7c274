"""The messaging engine: one notification centre, and its ways out (D06.5, D06.7, X.6)."""
