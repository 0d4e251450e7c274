"""Safety assessment of schools: indicators, self-evaluation, judges, results (7.1.8)."""
