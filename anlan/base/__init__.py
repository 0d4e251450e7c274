"""Base records: schools, people, calendar, vocabularies and divisions; one datum, one source."""
