"""Layouts drawn in Excel."""
