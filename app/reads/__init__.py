"""The reads that are asked most, from a statement to the bytes of the answer; each is a module."""
