"""Layouts: a report as it was drawn in Excel, whose cells ask questions of a form (D12.6, D12.7)."""
