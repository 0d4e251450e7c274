"""Management commands of the base floor."""
