"""Collecting data with layouts."""
