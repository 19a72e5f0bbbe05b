"""Directus as a peer: how it is set up and served, what it is told about the tables, what it is asked. No code of its own."""
