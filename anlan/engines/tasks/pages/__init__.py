"""Pages of the tasks engine."""
