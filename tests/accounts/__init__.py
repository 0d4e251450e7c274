"""Tests of the safety ledgers."""
