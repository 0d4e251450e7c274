"""The messaging engine: one notification centre for every engine and domain, and its ways out (D06.5, D06.7, X.6)."""
