"""Text messages to many."""
