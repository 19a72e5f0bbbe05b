"""QR codes (the only module that knows the library)."""

from __future__ import annotations

import io


def vector(content: str) -> str:
    """The code as SVG."""
    import segno

    made = io.BytesIO()
    segno.make(content, error="l", micro=False).save(made, kind="svg", border=2, xmldecl=False)  # house: kinds
    return made.getvalue().decode()


def picture(content: str) -> bytes:
    """The code as PNG."""
    import segno

    made = io.BytesIO()
    segno.make(content, error="l", micro=False).save(made, kind="png", border=2, scale=4)  # house: kinds
    return made.getvalue()
