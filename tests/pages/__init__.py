"""What the public opens: pages, by HTTP."""
