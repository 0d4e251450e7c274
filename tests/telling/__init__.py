"""Telling schools and hearing back: notices, tasks, safety reports, homes."""
