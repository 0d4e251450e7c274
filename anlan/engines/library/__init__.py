"""Library: documents with versions and force, full-text search to the page, reading, links to records."""
