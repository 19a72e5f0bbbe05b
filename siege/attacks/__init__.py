"""The attacks: importing this makes all of them known."""

from siege.attacks import connections, files, posts

__all__ = ["connections", "files", "posts"]
