"""Assessment of moral education at schools (MOR.01-MOR.12)."""
