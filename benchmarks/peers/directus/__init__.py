"""Directus as a peer: how it is served, what it is told of the tables, what it is asked. No code of Directus."""
