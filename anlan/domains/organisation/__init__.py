"""Safety organisation of bureaus and schools: responsibility letters, signed on the screen (S05.3)."""
