"""Patrol routes: points with labels, walked by staff and guards with the phone (S08.2)."""
