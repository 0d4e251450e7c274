"""Commands of the exchange engine."""
