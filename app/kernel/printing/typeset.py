"""PDF from a paper's data (the only module that knows the library). For the process apart: it answers what JSON knows.

The source is ours; what people wrote comes in beside it, as JSON, and is printed as text. The same data at the same
instant make the same bytes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import IO, Literal

from app.kernel.printing import codes

_HERE = Path(__file__).parent
# For long-term keeping, with its text and its structure in it.
_STANDARD: Literal["a-2a"] = "a-2a"
# One of these at least prints Chinese; the others have what it lacks.
_NEEDED = "Noto Serif CJK SC"


def typeset(file: IO[bytes], *, fonts: list[str], at: int) -> object:
    """The papers of the file, each a PDF in base64, made at this instant (seconds); `no_fonts` where the machine cannot
    print Chinese, `unprintable` with the library's words where a sign is in no font."""
    import typst

    found = typst.Fonts(include_system_fonts=False, font_paths=_folders(fonts))
    if _NEEDED not in found.families():
        return "no_fonts"
    told = []
    for paper in json.load(file):
        mark = paper["mark"]
        if mark is not None:
            paper["mark"] = {**mark, "picture": codes.vector(mark["code"])}
        try:
            made = typst.compile(
                (_HERE / f"{paper['layout']}.typ").read_bytes(),
                font_paths=found,
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"paper": json.dumps({**paper, "draft": mark is None})},
                pdf_standards=[_STANDARD],
                timestamp=at,
            )
        except typst.TypstError as error:
            return ["unprintable", error.message]
        told.append(base64.b64encode(made).decode())
    return told


def _folders(fonts: list[str]) -> list[str]:
    return [item for item in fonts if Path(item).is_dir()]
