"""Commands of the audit engine."""
