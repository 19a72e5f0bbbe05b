"""Redacting what an objector says of himself in the text of his objection (Art. 21): many sign where they also
write."""

from __future__ import annotations

import re
from typing import overload

from app.store.objections import ObjectorIdentity

_REDACTED = "＊＊"


# One character is no name, and four digits are no telephone: to redact them would redact the facts.
_SHORTEST_NAME, _SHORTEST_CONTACT, _SHORTEST_NUMBER = 2, 5, 7


_BETWEEN = r"[\s\-－—]*"


@overload
def redacted(text: str, identity: ObjectorIdentity | None) -> str: ...


@overload
def redacted(text: str | None, identity: ObjectorIdentity | None) -> str | None: ...


def redacted(text: str | None, identity: ObjectorIdentity | None) -> str | None:
    """The text with name and contact of its objector redacted, numbers also where they are written with other gaps.
    Only what he gave in the fields for it is known: it redacts nothing else."""
    if text is None or identity is None:
        return text
    patterns = _patterns(identity.name or "", identity.contact or "")
    return re.sub("|".join(patterns), _REDACTED, text, flags=re.IGNORECASE) if patterns else text


def _patterns(name: str, contact: str) -> list[str]:
    digits = re.sub(r"\D", "", contact)
    found = []
    if len(contact) >= _SHORTEST_CONTACT:
        found.append(re.escape(contact))
    if len(digits) >= _SHORTEST_NUMBER:
        found.append(_BETWEEN.join(digits))
    if len(name) >= _SHORTEST_NAME:
        found.append(re.escape(name))
    return found
