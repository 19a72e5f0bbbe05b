"""What was frozen at a call, read once."""

from __future__ import annotations

from functools import lru_cache

import orjson

from app.kernel.stored import read_parameters
from app.measures.instruments import Parameters


# The rounds of some decades. The key is the text itself, so that another text is never taken for it.
@lru_cache(maxsize=64)
def parameters(stored: bytes) -> Parameters:
    """The parameters of a round from their JSON."""
    return read_parameters(orjson.loads(stored))
