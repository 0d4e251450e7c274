"""Pages every ledger has."""
