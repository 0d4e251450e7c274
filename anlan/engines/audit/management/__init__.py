"""Management of the audit engine."""
