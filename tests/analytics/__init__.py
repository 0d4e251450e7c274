"""Tests of the analytics engine."""
