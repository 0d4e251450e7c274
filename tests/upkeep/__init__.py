"""Certificates, equipment and buses of schools."""
