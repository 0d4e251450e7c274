"""Long loads on a real site: processes of their own, killed and started again."""
