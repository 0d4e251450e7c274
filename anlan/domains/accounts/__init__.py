"""The directory of safety ledgers of the schools, filled from the ledgers of all other modules."""
