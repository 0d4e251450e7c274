"""Tests of key places and their protection."""
