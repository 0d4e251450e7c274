"""Management commands of campus safety."""
