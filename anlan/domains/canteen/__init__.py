"""School canteens: who runs them and works in them, what is bought, cooked, kept and checked every day."""
