"""Supervision and evaluation of kindergartens: indicators, judges, reports, rectification (KG)."""
