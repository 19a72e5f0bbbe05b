"""Keys, tokens, passwords, and who is calling."""
