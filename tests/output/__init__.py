"""Tests of the output engine."""
