"""PDF from a paper's data (the only module that knows the library). For the process apart: it answers what JSON knows.

The source is ours; what people wrote comes in beside it, as JSON, and is printed as text. The same data at the same
instant make the same bytes."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from app.kernel.printing import codes

if TYPE_CHECKING:
    import typst

_HERE = Path(__file__).parent
# For long-term keeping, with its text and its structure in it.
_STANDARD: Literal["a-2a"] = "a-2a"
# One of these at least prints Chinese; the others have what it lacks.
_NEEDED = "Noto Serif CJK SC"


# Signs that are in no font are found one by one, each by another try. After so many every sign that is not common is
# told by its number at once, whether a font has it or not: whoever writes in hieroglyphs holds up nobody's paper.
_MOST_LACKING = 40
_UNCOMMON = re.compile(
    "[^\\x00-\\x7e\u00a0-\u017f\u0370-\u03ff\u2000-\u206f\u2100-\u22ff\u2460-\u25ff\u3000-\u30ff\u3200-\u33ff"
    "\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
)
_LACKING = re.compile(r'(?:the text|codepoint) `"(?:\\u\{([0-9a-f]+)\}|(.))', re.DOTALL)


def typeset(file: IO[bytes], *, fonts: list[str], at: int) -> object:
    """The papers of the file, each a PDF in base64, made at this instant (seconds); `no_fonts` where the machine cannot
    print Chinese. A sign that is in no font is printed as 〓 with its number in Unicode: nothing is lost unseen."""
    import typst

    found = typst.Fonts(include_system_fonts=False, font_paths=[item for item in fonts if Path(item).is_dir()])
    if _NEEDED not in found.families():
        return "no_fonts"
    told = []
    for paper in json.load(file):
        mark = paper["mark"]
        if mark is not None:
            paper["mark"] = {**mark, "picture": codes.vector(mark["code"])}
        layout = (_HERE / f"{paper['layout']}.typ").read_bytes()
        given = json.dumps({**paper, "draft": mark is None}, ensure_ascii=False)
        told.append(base64.b64encode(_compiled(layout, given, found, at)).decode())
    return told


def _compiled(layout: bytes, given: str, fonts: typst.Fonts, at: int) -> bytes:
    import typst

    for tried in range(2 * _MOST_LACKING):
        try:
            return typst.compile(
                layout,
                font_paths=fonts,
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"paper": given},
                pdf_standards=[_STANDARD],
                timestamp=at,
            )
        except typst.TypstError as error:
            lacking = _LACKING.search(error.message)
            if lacking is None:
                raise
            sign = chr(int(lacking[1], 16)) if lacking[1] else lacking[2]
            given = given.replace(sign, _numbered(sign))
            if tried == _MOST_LACKING:
                given = _UNCOMMON.sub(lambda found: _numbered(found[0]), given)
    raise ValueError("signs that no font has")


def _numbered(sign: str) -> str:
    return f"〓（U+{ord(sign):04X}）"
