"""Tests of physical protection."""
