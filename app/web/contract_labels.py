"""What the words of the contract's enumerations are called, beside each of them."""

from __future__ import annotations

from app.schemas.labels import labels_of
from app.web.contract_examples import Part

# Their sentences, with gaps for the facts, are in `GET /v1/vocabularies`: half as long as the contract itself.
LONG = frozenset({"FindingReason"})


def label(document: Part) -> None:
    """Name every word of every enumeration, in place. `LookupError` where one has no name."""
    for name, schema in document["components"]["schemas"].items():
        if "enum" in schema:
            found = labels_of(name, schema["enum"])
            if name not in LONG:
                schema["x-enum-labels"] = {word: {"zh": text.zh, "en": text.en} for word, text in found.items()}
