"""The attacks: importing this makes all of them known."""

from siege.attacks import answers, connections, files, guesses, migrations, posts, record

__all__ = ["answers", "connections", "files", "guesses", "migrations", "posts", "record"]
