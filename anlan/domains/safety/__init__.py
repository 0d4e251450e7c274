"""Campus safety: inspection, special checks, hazards, quick reports, notices and the wall screen."""
