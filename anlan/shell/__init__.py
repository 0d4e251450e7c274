"""Shell: page frame, navigation and components; it knows no business word."""
