"""The evaluation engine: indicators, panels, scores and what follows from them (docs/adr/0008).

What is here so far reckons: scales, trees, rules, results and the signed file from which anybody can recompute them.
It knows no database, so that a round in the database and a file read by ``anlan verify`` go through the same lines.
"""
