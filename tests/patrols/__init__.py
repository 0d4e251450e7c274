"""Tests of patrol routes."""
