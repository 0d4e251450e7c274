"""Tests of canteens."""
