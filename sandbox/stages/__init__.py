"""The acts of a round and of what it stands on, a module for each stage or subject."""
