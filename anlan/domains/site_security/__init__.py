"""Key places of schools against the standard of their area: places, statements, compliance, editions.

Requirements: N1.06, N1.07, N1.08, N1.09.
"""
