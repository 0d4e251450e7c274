"""Models of the tasks engine, for Django."""

from anlan.engines.tasks.todos import Todo

__all__ = ["Todo"]
