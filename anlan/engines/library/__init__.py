"""Library: documents with versions and validity, full-text search to the page, reading, links to records."""
