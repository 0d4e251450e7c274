"""School buses with drivers and papers (SAF.54)."""
