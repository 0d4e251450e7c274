"""Tests of campus safety."""
