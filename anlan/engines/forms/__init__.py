"""The forms engine: item bank, forms as versioned data, answers and their counts.

Requirements: D01.1, D01.2, D01.3, SAF.09, SAF.10, N1.09; it carries D01.8, D11.9, N1.06, N1.07, X.16.
"""
