"""Physical protection of schools, and people, fire, physical and technical protection summed (SAF.44, SAF.52, P.28)."""
