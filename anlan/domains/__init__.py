"""Domains: thin folders of declarations on the engines; they never import each other."""
