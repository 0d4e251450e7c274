"""Emergency supplies of schools and offices: what is kept ready, used, refilled, and summed for a region (R.31)."""
