"""Tests of dormitories."""
