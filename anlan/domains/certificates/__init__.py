"""One view of the certificates of all modules, and classes no module owns (D04)."""
