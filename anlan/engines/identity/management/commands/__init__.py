"""Commands of the identity engine."""
