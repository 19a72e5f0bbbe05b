"""Organisations, their members and their history (Arts. 4, 8, 13)."""
