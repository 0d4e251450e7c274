"""Laws and rules of campus safety: first topics and types, what clauses are linked to, reports, demonstration.

Requirements: D05.1 to D05.10; the library itself is the engine ``library``.
"""
