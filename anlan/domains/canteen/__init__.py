"""School canteens: licences and the health certificates of those who work there (D04.1, D04.2)."""
