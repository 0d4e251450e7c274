"""Engines: each owns one mechanism and is entered only through its ``api`` module."""
