"""Management of the identity engine."""
