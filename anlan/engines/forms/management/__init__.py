"""Commands of the forms engine."""
