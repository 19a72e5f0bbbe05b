"""Tokens, passwords, and who may call what."""
