"""Stored hashes never change their value."""

from app.kernel.hashes import content_hash
from app.store.audit import chain_hash


def test_the_hash_of_content_is_that_of_its_canonical_json() -> None:
    assert (
        content_hash({"b": [1, None], "a": "会昌"})
        == "a8ebd7df8debdeb765fcd47b4e50eeed3ad844bd28e5b896e1ddcf4220ff4c0a"
    )
    assert (
        content_hash({"a": "会昌", "b": [1, None]})
        == "a8ebd7df8debdeb765fcd47b4e50eeed3ad844bd28e5b896e1ddcf4220ff4c0a"
    )


def test_the_hash_of_the_chain_holds_its_bytes() -> None:
    assert (
        chain_hash("0" * 64, {"b": 1, "a": "会昌"})
        == "6ce5495e1bc89adfa9e58c6c414d80fe111fad7336445c8ca880a0b3f9c0ee23"
    )
