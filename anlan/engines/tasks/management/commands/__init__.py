"""Commands of the tasks engine."""
