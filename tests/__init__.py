"""Tests of the whole house; what is particular to one domain lies in that domain."""
