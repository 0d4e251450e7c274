"""Tests of the safety organisation."""
