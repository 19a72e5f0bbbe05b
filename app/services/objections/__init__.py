"""Objections during the publicity (Art. 21)."""
