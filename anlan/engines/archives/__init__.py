"""The archive: an index of what has ended, by school and year, with keeping times, holds and destruction (X.17)."""
