"""Collecting data with forms and Excel layouts: issued, filled in, returned, summed (D12.6-D12.8)."""
