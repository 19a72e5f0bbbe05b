"""What seals and opens for the store, which holds no key itself."""

from typing import Protocol


class Seals(Protocol):
    """What seals and opens: the keys outside of the database."""

    def seal(self, content: bytes, *, purpose: str, bound: bytes = b"") -> bytes:
        """The content, readable with the key alone."""

    def open(self, sealed: bytes, *, purpose: str, bound: bytes = b"") -> bytes:
        """What was sealed; a `ValueError` of its own where it cannot be opened."""

    def is_newest(self, sealed: bytes) -> bool:
        """Whether it was sealed by the key that would seal it now."""

    def missing_key_of(self, sealed: bytes) -> str | None:
        """The name of the key that has sealed it, where that key is not there."""

    def mark(self, content: bytes, *, purpose: str) -> str:
        """A keyed hash of the content."""

    def is_mark_of(self, mark: str, content: bytes, *, purpose: str) -> bool:
        """Whether `mark` was made of this content."""

    def missing_key_of_mark(self, mark: str) -> str | None:
        """The name of the key that has made the mark, where that key is not there."""
